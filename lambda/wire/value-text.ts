/** Finds values in a JSON text, where they stand and as they are spelled, however many are asked for. */
import { endOfString, endOfValue, keyOf, skipSpace } from './json-text.ts';
import type { JsonPath } from './json-value.ts';

/** Where the members or elements of a container begin. */
type Children = ReadonlyMap<string | number, number>;

/** Knows where the values of one JSON text stand. */
export interface ValueIndex {
  /** Where the value at the path begins; undefined when there is none. */
  startOf(path: JsonPath): number | undefined;
  /** The value as it is spelled in the source; undefined when there is none. */
  textOf(path: JsonPath): string | undefined;
}

/** Every container on the way to a value is read once: a body of many values costs no more than one of few. */
export function indexValues(source: string): ValueIndex {
  const root = skipSpace(source, 0);
  const known = new Map<number, Children>();
  const childrenAt = (start: number): Children => {
    let children = known.get(start);
    if (children === undefined) known.set(start, (children = childrenOf(source, start)));
    return children;
  };
  const startOf = (path: JsonPath): number | undefined => {
    let start: number | undefined = root;
    for (const step of path) {
      start = childrenAt(start).get(step);
      if (start === undefined) return undefined;
    }
    return start;
  };
  return {
    startOf,
    textOf: (path) => {
      const start = startOf(path);
      return start === undefined ? undefined : source.slice(start, endOfValue(source, start));
    },
  };
}

function childrenOf(source: string, start: number): Children {
  const children = new Map<string | number, number>();
  const first = source[start];
  if (first !== '{' && first !== '[') return children;
  let index = skipSpace(source, start + 1);
  for (
    let element = 0;
    index < source.length && source[index] !== ']' && source[index] !== '}';
    element += 1
  ) {
    let key: string | number = element;
    if (first === '{') {
      const keyEnd = endOfString(source, index);
      key = keyOf(source, index, keyEnd);
      index = skipSpace(source, skipSpace(source, keyEnd) + 1);
    }
    // Of two equal keys the last one counts, as JSON.parse has it.
    children.set(key, index);
    const next = skipSpace(source, endOfValue(source, index));
    index = source[next] === ',' ? skipSpace(source, next + 1) : next;
  }
  return children;
}
