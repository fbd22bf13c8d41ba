/** Checks one line of a file of evidence by its bytes. */
import { isUtf8 } from 'node:buffer';
import { checkLine, type BrokenLine, type CheckedLine } from './hash-chain.ts';
import type { RawLine } from './read-lines.ts';

/** Bytes that are no UTF-8 would read as U+FFFD, which may stand in an event. @param look See checkLine. */
export function checkRawLine(
  { bytes }: RawLine,
  look?: Parameters<typeof checkLine>[1],
): CheckedLine | BrokenLine {
  if (isUtf8(bytes)) return checkLine(bytes.toString(), look);
  return { fault: 'unreadable', message: 'the line is no UTF-8', eventId: undefined, link: undefined };
}

/** True for the beginning of an object whose end never came: what a crash leaves of a write. */
export function isTorn({ bytes, isEnded }: RawLine): boolean {
  if (isEnded) return false;
  const text = bytes.toString();
  if (!text.startsWith('{"') && text !== '{') return false;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth === 0) return false;
  }
  return true;
}
