/** The fix for a value that the schema refuses, told from the value itself where that is possible. */
import type { FieldNode } from './field-notes.ts';
import { nearest } from './nearest.ts';
import { looksSecret } from './show.ts';
import { isMapping } from './tree.ts';

/** A fix in words. */
export function suggestValue(value: unknown, node: FieldNode, allowed: string): string {
  return specificFix(value, node) ?? `write ${allowed}`;
}

function specificFix(value: unknown, node: FieldNode): string | undefined {
  const types = typesOf(node);
  if (value === null) {
    return types.has('object')
      ? 'write `{}` for the defaults, or remove the line'
      : 'give it a value, or remove the line';
  }
  if (typeof value === 'string') return fixForText(value, node, types);
  if (typeof value === 'number' && Number.isFinite(value) && !types.has('string'))
    return fixForNumber(value, node);
  if (typeof value === 'number' || typeof value === 'boolean') return fixByQuotes(String(value), node);
  if (types.has('array') && isMapping(value)) return 'write a list: start each entry with `- `';
  return undefined;
}

function fixForText(value: string, node: FieldNode, types: ReadonlySet<string>): string | undefined {
  if (looksSecret(value)) return undefined;
  const near = nearest(value, choicesOf(node));
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (types.has('boolean') && /^(?:yes|no|on|off|true|false)$/i.test(value)) {
    return `write ${/^(?:yes|on|true)$/i.test(value) ? 'true' : 'false'} without quotes`;
  }
  if ((types.has('integer') || types.has('number')) && /^-?\d{1,15}(?:\.\d+)?$/.test(value)) {
    return `write the number without quotes: ${value}`;
  }
  if (types.has('array') && value.length <= 40) return `write a list: [${value}]`;
  return undefined;
}

function fixForNumber(value: number, { type, minimum, maximum }: FieldNode): string | undefined {
  if (minimum !== undefined && value < minimum) return `use ${minimum} or more`;
  if (maximum !== undefined && value > maximum) return `use ${maximum} or less`;
  return type === 'integer' && !Number.isInteger(value) ? `round it to ${Math.round(value)}` : undefined;
}

/** Quotes help where any text is welcome that looks like this one. */
function fixByQuotes(written: string, node: FieldNode): string | undefined {
  if (node.type !== 'string' || node.enum !== undefined) return undefined;
  if (node.pattern !== undefined && !new RegExp(node.pattern).test(written)) return undefined;
  return `put it in quotes: "${written}"`;
}

function typesOf(node: FieldNode): ReadonlySet<string> {
  const own = node.type === undefined ? [] : [node.type];
  return new Set([...own, ...(node.anyOf ?? []).flatMap((one) => [...typesOf(one)])]);
}

function choicesOf(node: FieldNode): readonly string[] {
  return [...(node.enum ?? []), ...(node.anyOf ?? []).flatMap(choicesOf)];
}
