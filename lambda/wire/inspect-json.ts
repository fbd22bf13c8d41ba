/** Looks for what makes a JSON body unsafe to judge: nesting that no reader needs, and ambiguous keys. */
import { endOfString, keyOf, skipSpace } from './json-text.ts';

export type JsonHazard =
  | { readonly kind: 'too_deep'; readonly limit: number }
  /** Readers differ in which of two equal keys counts: what was judged might not be what is used. */
  | { readonly kind: 'duplicate_key'; readonly key: string };

export const MAX_JSON_DEPTH = 100;

/** The first hazard of a text that is valid JSON, or undefined. Linear in the text. */
export function findJsonHazard(text: string): JsonHazard | undefined {
  const open: (Set<string> | undefined)[] = [];
  let index = skipSpace(text, 0);
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = endOfString(text, index);
      const keys = open.at(-1);
      if (keys !== undefined && text.charCodeAt(skipSpace(text, end)) === 0x3a) {
        const key = keyOf(text, index, end);
        if (keys.has(key)) return { kind: 'duplicate_key', key };
        keys.add(key);
      }
      index = end;
      continue;
    }
    if (code === 0x7b || code === 0x5b) {
      open.push(code === 0x7b ? new Set() : undefined);
      if (open.length > MAX_JSON_DEPTH) return { kind: 'too_deep', limit: MAX_JSON_DEPTH };
    } else if (code === 0x7d || code === 0x5d) open.pop();
    index += 1;
  }
  return undefined;
}
