/** The normalised shadow of a stretch of text, with a map from its characters back to the source. */
import { foldAt } from './characters.ts';

export interface Shadow {
  readonly text: string;
  /** For each character of the shadow the index of its first unit in the source; absent when they are equal. */
  readonly origins?: readonly number[];
}

/** Folds look-alikes and drops what is invisible; a character of the shadow stands for one or two units. */
export function shadowOf(source: string): Shadow {
  const origins: number[] = [];
  let text = '';
  for (let index = 0; index < source.length; index++) {
    const plain = foldAt(source, index);
    if (plain === '') continue;
    text += plain;
    origins.push(index);
  }
  return { text, origins };
}

/** The source range of the shadow's characters from `start` to `end`, second halves of pairs included. */
export function sourceRange(shadow: Shadow, source: string, start: number, end: number): [number, number] {
  if (shadow.origins === undefined) return [start, end];
  const first = shadow.origins[start] ?? source.length;
  const last = shadow.origins[end - 1] ?? first;
  const isPair = (source.codePointAt(last) ?? 0) > 0xffff;
  return [first, last + (isPair ? 2 : 1)];
}
