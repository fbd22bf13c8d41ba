/** Reads the head of a PEM block, the one thing with words and spaces in it that a region may hold. */
import {
  classAt,
  DIGIT,
  HAS_FOREIGN,
  HAS_SEPARATOR,
  HAS_UPPER,
  IGNORE,
  SEPARATOR,
  SPACE,
  UPPER,
} from './characters.ts';
import { closeRegion, type LexState, plainText } from './lex-state.ts';

const LONGEST_ARMOUR_HEAD = 100;
const CAPITAL_N = 78;

const armourStart = /-----BEGIN$/;
const armourHead = /-----BEGIN [A-Z\d ]{0,40}-----$/;
const keyHead = /-----BEGIN [A-Z\d ]{0,30}PRIVATE KEY(?: BLOCK)?-----$/;

/** Whether the open region, at a space, is the beginning of such a head. */
export function mayBeArmour(state: LexState, text: string, index: number): boolean {
  const { group } = state;
  if ((group & HAS_SEPARATOR) === 0 || (group & HAS_UPPER) === 0) return false;
  if (text.charCodeAt(index - 1) !== CAPITAL_N && (group & HAS_FOREIGN) === 0) return false;
  return armourStart.test(plainText(state, text, index));
}

/** The head of a PEM block, which has spaces in it. */
export function armour(state: LexState, text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const kind = classAt(text, index);
    const code = text.charCodeAt(index);
    if (code >= 128) state.flags |= HAS_FOREIGN;
    const isPart =
      kind === UPPER || kind === DIGIT || kind === SPACE || kind === IGNORE || kind === SEPARATOR;
    if (!isPart || index - state.gapStart > LONGEST_ARMOUR_HEAD) return closeRegion(state, index);
    if (kind !== SEPARATOR) continue;
    const head = plainText(state, text, index + 1);
    if (!armourHead.test(head)) continue;
    if (!keyHead.test(head)) return closeRegion(state, index + 1);
    state.event = 'key';
    return index + 1;
  }
  return text.length;
}
