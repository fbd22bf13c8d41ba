/**
 * Cuts a lane into regions by its characters alone: a word, or groups of digits and code letters with single
 * gaps between, so that personal data of bounded length lies within one region.
 */
import {
  ASCII_CLASS,
  BREAK,
  classAt,
  CLOSE,
  COLON,
  DIGIT,
  foreignClassAt,
  HAS_AT,
  HAS_COLON,
  HAS_DIGIT,
  HAS_FOREIGN,
  HAS_LEFT_BRACKET,
  HAS_LOWER,
  HAS_OTHER,
  HAS_PLUS,
  HAS_UPPER,
  IGNORE,
  LEFT_BRACKET,
  LOWER,
  OPEN,
  RIGHT_BRACKET,
  SEPARATOR,
  SPACE,
  UPPER,
} from './characters.ts';
import { armour, mayBeArmour } from './armour-lexer.ts';
import { closeRegion, KEY_LENGTH, openRegion, plainText, UNITS_LIMIT, type LexState } from './lex-state.ts';

const LONGEST_GAP = 3;
/** Letters of a group within a code (IBAN), and of one that stands alone (national insurance, passport). */
const LONGEST_WORD = 4;
const LONGEST_PREFIX = 2;

const NOT_NUMERIC = HAS_LOWER | HAS_UPPER | HAS_AT | HAS_COLON | HAS_OTHER;
const COMMA = 44;

/** By ASCII character: 1 for letters. */
const IS_LETTER = ASCII_CLASS.map((kind) => (kind === LOWER || kind === UPPER ? 1 : 0));

const ibanStart = /^[a-z]{2}\d{2}[a-z\d]*$/i;

/** Reads on until the end of the text or an event; returns the index of the next unit to read. */
export function lex(state: LexState, text: string, from: number): number {
  let index = from;
  while (index < text.length && state.event === 'none') index = readers[state.mode](state, text, index);
  return index;
}

const readers = { idle, token, gap, word: codeGroup, tail, armour, pass };

/** Between regions. Plain words, most of any text, are read over here; the first other sign opens a region. */
function idle(state: LexState, text: string, from: number): number {
  let wordStart = -1;
  const { length } = text;
  for (let index = from; index < length; index++) {
    let code = text.charCodeAt(index);
    if (wordStart < 0 && isAsciiLetter(code)) wordStart = index;
    // Letters beyond ASCII come by the slower way below.
    while (isAsciiLetter(code) && ++index < length) code = text.charCodeAt(index);
    if (index === length) break;
    const kind = code < 128 ? (ASCII_CLASS[code] ?? 0) : foreignClassAt(text, index);
    if (kind === LOWER || kind === UPPER) {
      if (wordStart < 0) wordStart = index;
    } else if (kind <= BREAK) {
      if (wordStart >= 0 && !isPlainWord(text, wordStart, index)) return openRegion(state, wordStart);
      wordStart = -1;
      if (code === COMMA && text.startsWith(';base64', index - 7)) {
        state.mode = 'pass';
        return index + 1;
      }
    } else if (
      wordStart >= 0 ||
      kind >= LOWER ||
      kind === OPEN ||
      (kind === LEFT_BRACKET && state.brackets)
    ) {
      return openRegion(state, wordStart < 0 ? index : wordStart);
    }
  }
  return wordStart < 0 ? length : openRegion(state, wordStart);
}

const isAsciiLetter = (code: number): boolean => code < 128 && IS_LETTER[code] === 1;

/** A word that closes in silence, whatever follows it: not so long as a key, and no capitals that a code may start with. */
function isPlainWord(text: string, start: number, end: number): boolean {
  const length = end - start;
  return length > LONGEST_PREFIX ? length < KEY_LENGTH : classAt(text, end - 1) === LOWER;
}

function token(state: LexState, text: string, from: number): number {
  const limit = Math.min(text.length, state.start + UNITS_LIMIT);
  let { group, length } = state;
  const before = length - state.groupLength;
  let start = before;
  let index = from;
  let kind = LOWER;
  for (; index < limit && length < state.stop; index++) {
    const code = text.charCodeAt(index);
    kind = code < 128 ? (ASCII_CLASS[code] ?? 0) : foreignClassAt(text, index);
    if (kind < IGNORE) break;
    if (code >= 128) group |= HAS_FOREIGN;
    if (kind === IGNORE) continue;
    length++;
    group |= 1 << kind;
    if (kind < COLON) continue;
    state.flags |= group;
    group &= HAS_FOREIGN;
    start = length;
  }
  state.group = group;
  state.length = length;
  state.groupLength = length - start;
  if (kind < IGNORE) return boundary(state, text, index, kind);
  if (length >= state.stop || index - state.start >= UNITS_LIMIT) state.event = 'stop';
  return index;
}

/** A token met a character that can't be within a word. */
function boundary(state: LexState, text: string, index: number, kind: number): number {
  const isNumeric = ((state.flags | state.group) & NOT_NUMERIC) === 0;
  const isFirst = index === state.start;
  if (kind === SPACE) {
    const isArmour = mayBeArmour(state, text, index);
    if (!isArmour && !mayContinue(state, text, index)) return closeRegion(state, index);
    state.mode = isArmour ? 'armour' : 'gap';
    state.gapStart = index;
    state.gapLength = 0;
    return index;
  }
  if (isFirst || (isNumeric && (kind === OPEN || kind === CLOSE))) {
    state.group |= 1 << kind;
    state.length++;
    return index + 1;
  }
  const isPlaceholder = kind === RIGHT_BRACKET && (state.flags | state.group) & HAS_LEFT_BRACKET;
  return closeRegion(state, isPlaceholder ? index + 1 : index);
}

/** The last group may have more after a space: digits, one or two capitals, a lone plus, an IBAN. */
function mayContinue(state: LexState, text: string, index: number): boolean {
  const { group, groupLength } = state;
  const hasDigit = (group & HAS_DIGIT) !== 0;
  if (hasDigit && (group & (HAS_LOWER | HAS_UPPER)) !== 0 && groupLength >= 4)
    state.isIban ||= ibanStart.test(plainText(state, text, index).slice(-groupLength));
  if (hasDigit) return (group & (HAS_LOWER | HAS_AT)) === 0 || state.isIban;
  if ((group & ~(HAS_UPPER | HAS_FOREIGN)) === 0)
    return groupLength > 0 && (groupLength <= LONGEST_PREFIX || state.isIban);
  return (group & ~HAS_FOREIGN) === HAS_PLUS;
}

function gap(state: LexState, text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const kind = classAt(text, index);
    if (kind === IGNORE) state.group |= HAS_FOREIGN;
    else if ((kind === SPACE || kind === SEPARATOR) && state.gapLength < LONGEST_GAP) {
      state.gapLength++;
      if (text.charCodeAt(index) >= 128) state.group |= HAS_FOREIGN;
    } else if (kind === DIGIT || kind === OPEN) return joinGroup(state, index, 'token');
    else if (kind === UPPER) return joinGroup(state, index, 'word');
    else if (mayHaveTail(state, kind)) return startTail(state, index);
    else return closeRegion(state, state.gapStart);
    if (index - state.gapStart > UNITS_LIMIT) return closeRegion(state, state.gapStart);
  }
  return text.length;
}

function joinGroup(state: LexState, index: number, mode: 'token' | 'word'): number {
  state.mode = mode;
  state.flags |= state.group;
  state.group = state.groupLength = 0;
  state.length += state.gapLength;
  state.hasGaps = true;
  return index;
}

/** Capitals after a gap: a group of a code, or the next word of the sentence, which takes the gap back. */
function codeGroup(state: LexState, text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const kind = classAt(text, index);
    if (text.charCodeAt(index) >= 128) state.group |= HAS_FOREIGN;
    if (kind === IGNORE) continue;
    if (kind === UPPER && state.groupLength < LONGEST_WORD) {
      state.groupLength++;
      state.length++;
      state.group |= HAS_UPPER;
      continue;
    }
    const isCode = state.groupLength <= LONGEST_PREFIX || state.isIban;
    if (kind !== DIGIT && !(isCode && (kind < IGNORE || kind === SEPARATOR)))
      return closeRegion(state, state.gapStart);
    state.mode = 'token';
    return index;
  }
  return text.length;
}

/** Words after a number that say that it is a phone. */
const TAILS = ['office', 'fax', 'mobile', 'cell', 'home', 'work', 'phone', 'tel', 'desk'];
const LEAST_BEFORE_TAIL = 6;

const mayHaveTail = (state: LexState, kind: number): boolean =>
  kind === LOWER && state.length >= LEAST_BEFORE_TAIL && ((state.flags | state.group) & NOT_NUMERIC) === 0;

function startTail(state: LexState, index: number): number {
  state.mode = 'tail';
  state.groupLength = 0;
  return index;
}

/** A word after a number, as long as it may become one that names it; any other takes the gap back. */
function tail(state: LexState, text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const letter = text.charAt(index);
    const word = text.slice(index - state.groupLength, index);
    if (classAt(text, index) !== LOWER)
      return closeRegion(state, TAILS.includes(word) ? index : state.gapStart);
    if (!TAILS.some((name) => name.startsWith(word + letter))) return closeRegion(state, state.gapStart);
    state.groupLength++;
  }
  return text.length;
}

/** Base64 that is long, or said to be: nothing in it is personal data. */
function pass(state: LexState, text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (ASCII_CLASS[code] ?? 0) : 0;
    const isBase64 = (kind >= LOWER && kind <= DIGIT) || code === 43 || code === 47 || code === 61;
    if (isBase64) continue;
    state.mode = 'idle';
    return index;
  }
  return text.length;
}
