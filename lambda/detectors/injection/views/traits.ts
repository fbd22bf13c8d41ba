/** One pass over a text that tells which disguises and encodings are worth undoing. */
import { asciiBytes } from '../../folding/ascii-bytes.ts';

export interface Traits {
  readonly hasNonAscii: boolean;
  /** A digit or sign between two letters, as in "pr0mpt". */
  readonly hasMixedWord: boolean;
  /** Four single letters in a row, as in "i g n o r e". */
  readonly hasSpacedLetters: boolean;
  /** LONG_RUN letters, digits and signs of base64 in a row. */
  readonly hasLongRun: boolean;
  /** LONG_RUN hexadecimal digits in a row, and what may part them. */
  readonly hasLongHexRun: boolean;
}

/** Characters of the shortest run that is worth decoding. */
export const LONG_RUN = 16;
/** Gaps between single letters that are no accident any more. */
const SPACED_GAPS = 3;

const LETTER = 1;
const DIGIT = 2;
const LEET_SIGN = 4;
const RUN = 8;
const GAP = 16;
const HEX_RUN = 32;
/** Stands for all characters beyond ASCII, which count as letters. */
const WIDE = 128;

function classOf(character: string): number {
  const isHex = /[0-9a-f\s:,]/i.test(character) ? HEX_RUN : 0;
  const isRun = /[a-z0-9+/_=-]/i.test(character) ? RUN : 0;
  const isGap = /[ .*~,+/_=|-]/.test(character) ? GAP : 0;
  const isLetter = /[a-z]/i.test(character) ? LETTER : 0;
  const isDigit = /[0-9]/.test(character) ? DIGIT : 0;
  return isHex | isRun | isGap | isLetter | isDigit | (/[@$!|]/.test(character) ? LEET_SIGN : 0);
}

const CLASSES = Uint8Array.from({ length: WIDE + 1 }, (_, code) =>
  code === WIDE ? LETTER : classOf(String.fromCharCode(code)),
);

/** Reads the traits of a text. */
export function traitsOf(text: string): Traits {
  const ascii = asciiBytes(text);
  const codes = ascii ?? narrowCodes(text);
  const count = text.length;
  return {
    hasNonAscii: ascii === undefined && codes.includes(WIDE),
    ...signsWithinWords(codes, count),
    hasLongRun: hasRun(codes, count, RUN),
    hasLongHexRun: hasRun(codes, count, HEX_RUN),
  };
}

function narrowCodes(text: string): Uint8Array {
  const codes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) codes[index] = Math.min(text.charCodeAt(index), WIDE);
  return codes;
}

/** Looks at what stands between two letters: nothing else can make a word mixed, or letters spaced. */
function signsWithinWords(codes: Uint8Array, count: number) {
  let hasMixedWord = false;
  let gaps = 0;
  let mostGaps = 0;
  let lastGap = -2;
  for (let index = 1; index + 1 < count; index += 1) {
    const sign = CLASSES[codes[index] ?? 0] ?? 0;
    if ((sign & LETTER) !== 0 || (sign & (DIGIT | LEET_SIGN | GAP)) === 0) continue;
    const around = (CLASSES[codes[index - 1] ?? 0] ?? 0) & (CLASSES[codes[index + 1] ?? 0] ?? 0);
    if ((around & LETTER) === 0) continue;
    if ((sign & (DIGIT | LEET_SIGN)) !== 0) hasMixedWord = true;
    if ((sign & GAP) === 0) continue;
    // A letter, one gap, a letter: a row of singles goes on as long as that alternates.
    gaps = index - lastGap === 2 ? gaps + 1 : 1;
    lastGap = index;
    if (gaps > mostGaps) mostGaps = gaps;
  }
  return { hasMixedWord, hasSpacedLetters: mostGaps >= SPACED_GAPS };
}

/** Every run of LONG_RUN covers one of the places that are looked at. */
function hasRun(codes: Uint8Array, count: number, kind: number): boolean {
  const isKind = (index: number): boolean => ((CLASSES[codes[index] ?? 0] ?? 0) & kind) !== 0;
  for (let place = LONG_RUN - 1; place < count; place += LONG_RUN) {
    if (!isKind(place)) continue;
    let from = place;
    while (from > 0 && place - from < LONG_RUN && isKind(from - 1)) from -= 1;
    let to = place + 1;
    while (to < count && to - from < LONG_RUN && isKind(to)) to += 1;
    if (to - from >= LONG_RUN) return true;
  }
  return false;
}
