/** Rules of `policies`, `policy` and `testing` that span several fields. */
import { joinWords } from './field-notes.ts';
import { isPolicyKind } from './kinds.ts';
import { nearest } from './nearest.ts';
import { type Finding, mistake, type Path } from './problem.ts';
import { DEFAULT_RETENTION_DAYS } from './settings/audit-logger.ts';
import { ENTITY_TYPES, entityName, NAMELESS_PATTERN } from './settings/entity-types.ts';
import { PROMPT_INJECTION_SYNONYMS } from './settings/prompt-injection.ts';
import { formatPath, showText } from './show.ts';
import { isMapping, listOf, mappingOf, textOf, valueAt } from './tree.ts';

const CHAIN: Path = ['policies', 'chain'];

/** Looks at the chain, the settings and the suites. */
export function checkPolicies(root: unknown): readonly Finding[] {
  return [
    ...listOf(valueAt(root, CHAIN)).flatMap((entry, index) => checkEntry(entry, [...CHAIN, index])),
    ...PROMPT_INJECTION_SYNONYMS.flatMap((spellings) => checkSynonyms(root, spellings)),
    ...checkMarkers(root),
    ...checkCapture(root),
    ...checkSuites(root),
  ];
}

/** The names of the kinds that the chain holds, those that do not exist included. */
export function kindsInChain(root: unknown): readonly string[] {
  return listOf(valueAt(root, CHAIN)).flatMap((entry) =>
    isMapping(entry) ? Object.keys(entry) : (textOf(entry) ?? []),
  );
}

function checkEntry(entry: unknown, path: Path): readonly Finding[] {
  if (!isMapping(entry)) return [];
  const kinds = Object.keys(entry).filter(isPolicyKind);
  const findings = kinds.flatMap((kind) => checkHeaderNames(entry[kind], [...path, kind]));
  if (kinds.length === 1 || Object.keys(entry).length === 1) return findings;
  const seen = kinds.length === 0 ? 'none' : joinWords(kinds).replace(/ or /, ' and ');
  return [
    ...findings,
    mistake('E004', path, 'an entry of the chain names exactly one kind', {
      seen,
      allowed: 'one kind for each entry',
      suggestion: 'start each kind with its own `- `',
    }),
  ];
}

function checkHeaderNames(conditions: unknown, path: Path): readonly Finding[] {
  const names = Object.keys(mappingOf(valueAt(conditions, ['when', 'header'])));
  const lower = names.map((name) => name.toLowerCase());
  return names.flatMap((name, index) =>
    lower.indexOf(name.toLowerCase()) === index
      ? []
      : mistake('E004', [...path, 'when', 'header', name], 'the header is already named in other letters', {
          seen: showText(name),
          allowed: 'each header once; case makes no difference',
          suggestion: 'keep one of the two',
        }),
  );
}

function checkSynonyms(root: unknown, spellings: readonly (readonly string[])[]): readonly Finding[] {
  const given = spellings
    .map((spelling): Path => ['policy', 'prompt-injection', ...spelling])
    .map((path) => ({ path, value: valueAt(root, path) }))
    .filter(({ value }) => value !== undefined);
  const [first, ...others] = given;
  if (first === undefined) return [];
  return others
    .filter(({ value }) => JSON.stringify(value) !== JSON.stringify(first.value))
    .map(({ path }) =>
      mistake('E004', path, `this differs from ${formatPath(first.path)}, which means the same`, {
        allowed: 'one value',
        suggestion: `keep ${formatPath(first.path)} and remove this`,
      }),
    );
}

/** A marker for something that nothing finds would be a slip of the pen that redacts differently than meant. */
function checkMarkers(root: unknown): readonly Finding[] {
  const settings: Path = ['policy', 'pii-detector'];
  const markers: Path = [...settings, 'redaction', 'custom_markers'];
  const custom = listOf(valueAt(root, [...settings, 'detect_patterns'])).flatMap((entry) =>
    isMapping(entry) ? (textOf(entry['name']) ?? []) : [],
  );
  const known = [...ENTITY_TYPES, NAMELESS_PATTERN, ...custom.map(entityName)];
  return Object.keys(mappingOf(valueAt(root, markers)))
    .filter((key) => !known.includes(entityName(key)))
    .map((key) => {
      const near = nearest(key, known);
      return mistake('E005', [...markers, key], 'nothing that is looked for has this name', {
        seen: showText(key),
        allowed: joinWords(known),
        suggestion: near === undefined ? 'remove it' : `did you mean \`${near}\`?`,
      });
    });
}

/** Texts without the event that they belong to would prove nothing and be kept all the same. */
function checkCapture(root: unknown): readonly Finding[] {
  const settings: Path = ['policy', 'audit-logger'];
  const days = valueAt(root, [...settings, 'capture_retention_days']);
  const ofEvents = valueAt(root, [...settings, 'retention_days']) ?? DEFAULT_RETENTION_DAYS;
  if (typeof days !== 'number' || typeof ofEvents !== 'number' || days <= ofEvents) return [];
  return [
    mistake('E004', [...settings, 'capture_retention_days'], 'texts would be kept longer than their events', {
      seen: String(days),
      allowed: `at most ${ofEvents}, the retention_days`,
      suggestion: 'lower it, or raise retention_days',
    }),
  ];
}

function checkSuites(root: unknown): readonly Finding[] {
  const suites: Path = ['testing', 'suites'];
  const chain = [...new Set(kindsInChain(root).filter(isPolicyKind))];
  const names = listOf(valueAt(root, suites)).map((suite) => textOf(mappingOf(suite)['name']));
  return listOf(valueAt(root, suites)).flatMap((suite, index) => {
    const findings: Finding[] = [];
    const name = names[index];
    const target = textOf(mappingOf(suite)['target']);
    if (name !== undefined && names.indexOf(name) < index) {
      findings.push(
        mistake('E005', [...suites, index, 'name'], 'a suite of this name is already there', {
          seen: showText(name),
          allowed: 'each name once',
          suggestion: 'rename one of the two',
        }),
      );
    }
    if (isPolicyKind(target) && !chain.includes(target)) {
      findings.push(
        mistake('E005', [...suites, index, 'target'], 'the chain does not run this kind', {
          seen: showText(target),
          allowed: chain.length === 0 ? 'a kind of the chain' : joinWords(chain),
          suggestion: 'add the kind to policies.chain, or test another',
        }),
      );
    }
    return findings;
  });
}
