/** Turns what the schema objects to into findings: rule, place, what was seen, what is allowed, the fix. */
import type * as z from 'zod';
import { CONDITION_KEYS } from './chain.ts';
import { allowedValues, type FieldNode, joinWords, keysAt, nodesAt } from './field-notes.ts';
import { isPolicyKind, MISSING_KINDS, POLICY_KINDS } from './kinds.ts';
import { nearest } from './nearest.ts';
import { type Finding, mistake, type Path } from './problem.ts';
import { showText, showValue } from './show.ts';
import { suggestValue } from './suggest-value.ts';
import { valueAt } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** Explains an issue of a schema about a file. */
export function explainIssue(
  issue: Issue,
  root: unknown,
  notes: FieldNode,
  base: Path = [],
): readonly Finding[] {
  const path = [...base, ...partsOf(issue.path)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, notes));
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors, valueAt(root, path));
    if (branch !== undefined) return branch.flatMap((inner) => explainIssue(inner, root, notes, path));
  }
  if (issue.code === 'invalid_key') return [badKey(path, notes)];
  const value = valueAt(root, path);
  if (isChainPlace(path) && typeof value === 'string') return [unknownKind(value, path)];
  return [badValue(issue, value, path, notes)];
}

function badValue(issue: Issue, value: unknown, path: Path, notes: FieldNode): Finding {
  const [node = {}] = nodesAt(notes, path);
  const allowed = allowedValues(node);
  if (value === undefined) {
    return mistake('E004', path, 'this is required and missing', { allowed, suggestion: 'add it' });
  }
  const suggestion = suggestValue(value, node, allowed);
  return mistake('E004', path, reasonOf(issue), { seen: showValue(value, path), allowed, suggestion });
}

const REASONS: Partial<Record<Issue['code'], string>> = {
  invalid_type: 'the value has the wrong type',
  invalid_union: 'the value has the wrong type',
  invalid_value: 'the value is none of those that are known',
};

const WRONG_FORM = 'the value does not have the right form';

function reasonOf(issue: Issue): string {
  // A refinement without words of its own carries zod's general "Invalid input".
  if (issue.code === 'custom') return issue.message === 'Invalid input' ? WRONG_FORM : issue.message;
  if (issue.code === 'too_small') return TOO_SMALL[issue.origin] ?? 'the value is too small';
  if (issue.code === 'too_big') return TOO_LARGE[issue.origin] ?? 'the value is too large';
  return REASONS[issue.code] ?? WRONG_FORM;
}

const TOO_SMALL: Readonly<Record<string, string>> = {
  array: 'the list has too few entries',
  string: 'the text is too short',
};

const TOO_LARGE: Readonly<Record<string, string>> = {
  array: 'the list has too many entries',
  string: 'the text is too long',
};

function unknownKey(key: string, path: Path, notes: FieldNode): Finding {
  if (isChainPlace(path)) {
    return CONDITION_KEYS.includes(key) ? misplacedCondition(key, path) : unknownKind(key, [...path, key]);
  }
  if (path.length === 1 && path[0] === 'policy') return unknownKind(key, [...path, key]);
  const known = keysAt(notes, path);
  const near = nearest(key, known);
  return mistake('E002', [...path, key], `unknown key ${showText(key)}`, {
    seen: showText(key),
    allowed: joinWords(known),
    suggestion: near === undefined ? 'remove it' : `did you mean \`${near}\`?`,
  });
}

function unknownKind(kind: string, path: Path): Finding {
  const near = nearest(kind, [...POLICY_KINDS, ...MISSING_KINDS]);
  const missing = MISSING_KINDS.includes(kind);
  return mistake(
    'E001',
    path,
    missing
      ? `the kind ${showText(kind)} exists in Keeptrusts and not in this gateway`
      : `unknown kind ${showText(kind)}`,
    {
      seen: showText(kind),
      allowed: joinWords(POLICY_KINDS),
      suggestion: isPolicyKind(near) ? `did you mean \`${near}\`?` : 'remove it',
    },
  );
}

function misplacedCondition(key: string, path: Path): Finding {
  return mistake('E002', [...path, key], `\`${key}\` stands beside the kind instead of under it`, {
    seen: showText(key),
    allowed: joinWords(POLICY_KINDS),
    suggestion: 'indent it two more spaces, so that it belongs to the kind',
  });
}

function badKey(path: Path, notes: FieldNode): Finding {
  const [parent] = nodesAt(notes, path.slice(0, -1));
  const key = path.at(-1);
  return mistake('E004', path, 'the key does not have the right form', {
    seen: showText(String(key)),
    allowed: parent?.propertyNames === undefined ? 'text' : allowedValues(parent.propertyNames),
  });
}

/** The alternative that was meant: of those whose outermost type fits, the one with the fewest mistakes. */
function bestBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) => !issues.some((issue) => isOfOtherType(issue, value)));
  return fitting.toSorted((left, right) => left.length - right.length)[0];
}

function isOfOtherType({ path, code }: Issue, value: unknown): boolean {
  return (
    path.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string'))
  );
}

function isChainPlace(path: Path): boolean {
  return path.length === 3 && path[0] === 'policies' && path[1] === 'chain';
}

function partsOf(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}
