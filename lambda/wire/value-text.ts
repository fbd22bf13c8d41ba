/** Finds one value's own spelling in a JSON text. */
import { endOfString, endOfValue, keyOf, skipSpace } from './json-text.ts';
import type { JsonPath } from './json-value.ts';

/** The JSON text at the path, as it is spelled in `source`; undefined when there is none. */
export function valueText(source: string, path: JsonPath): string | undefined {
  const start = valueStart(source, path);
  return start === undefined ? undefined : source.slice(start, endOfValue(source, start));
}

/** Where the value at the path begins in `source`; undefined when there is none. */
export function valueStart(source: string, path: JsonPath): number | undefined {
  let start = skipSpace(source, 0);
  for (const step of path) {
    const next = typeof step === 'number' ? elementAt(source, start, step) : memberAt(source, start, step);
    if (next === undefined) return undefined;
    start = next;
  }
  return start;
}

function memberAt(source: string, start: number, name: string): number | undefined {
  if (source[start] !== '{') return undefined;
  let found: number | undefined;
  let index = skipSpace(source, start + 1);
  while (source[index] === '"') {
    const keyEnd = endOfString(source, index);
    const value = skipSpace(source, skipSpace(source, keyEnd) + 1);
    // Of two equal keys the last one counts, as JSON.parse has it.
    if (keyOf(source, index, keyEnd) === name) found = value;
    const next = skipSpace(source, endOfValue(source, value));
    index = source[next] === ',' ? skipSpace(source, next + 1) : next;
  }
  return found;
}

function elementAt(source: string, start: number, position: number): number | undefined {
  if (source[start] !== '[') return undefined;
  let index = skipSpace(source, start + 1);
  for (let element = 0; source[index] !== ']' && index < source.length; element += 1) {
    if (element === position) return index;
    const next = skipSpace(source, endOfValue(source, index));
    index = source[next] === ',' ? skipSpace(source, next + 1) : next;
  }
  return undefined;
}
