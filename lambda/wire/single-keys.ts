/** Takes equal keys out of a JSON text, so that what was judged is what every reader of it meets. */
import { endOfString, keyOf, skipSpace } from './json-text.ts';

/** The text with the last of equal keys alone, which is the one that JSON.parse reads; every other byte stays. */
export function withSingleKeys(text: string): string {
  let out = '';
  let copied = 0;
  for (const { start, end } of repeatedMembers(text)) {
    // A member inside of one that is gone.
    if (start < copied) continue;
    out += text.slice(copied, start);
    copied = end;
  }
  return out + text.slice(copied);
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** An object whose end has not come: which of its members has a key, the last one counts. */
interface Open {
  readonly members: Map<string, number>;
  /** Where members begin, in order: one ends where the next begins. */
  readonly starts: number[];
}

/** All members that are followed by another of the same key, each with its comma, in the order of their starts. */
function repeatedMembers(text: string): readonly Stretch[] {
  const found: Stretch[] = [];
  const open: (Open | undefined)[] = [];
  let index = skipSpace(text, 0);
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = endOfString(text, index);
      const object = open.at(-1);
      const isKey = object !== undefined && text.charCodeAt(skipSpace(text, end)) === 0x3a;
      if (isKey) addMember(object, keyOf(text, index, end), index, found);
      index = end;
      continue;
    }
    if (code === 0x7b || code === 0x5b) {
      open.push(code === 0x7b ? { members: new Map(), starts: [] } : undefined);
    } else if (code === 0x7d || code === 0x5d) open.pop();
    index += 1;
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function addMember({ members, starts }: Open, key: string, start: number, found: Stretch[]): void {
  const earlier = members.get(key);
  members.set(key, starts.length);
  starts.push(start);
  if (earlier === undefined) return;
  const [from, next] = [starts[earlier], starts[earlier + 1]];
  if (from !== undefined && next !== undefined) found.push({ start: from, end: next });
}
