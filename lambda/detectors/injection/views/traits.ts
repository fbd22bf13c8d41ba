/** One pass over a text that tells which disguises and encodings are worth undoing. */

export interface Traits {
  readonly hasNonAscii: boolean;
  /** A digit or sign between two letters, as in "pr0mpt". */
  readonly hasMixedWord: boolean;
  /** Four single letters in a row, as in "i g n o r e". */
  readonly hasSpacedLetters: boolean;
  /** Characters of the longest run of base64 or hexadecimal digits. */
  readonly longestRun: number;
  readonly percents: number;
  readonly ampersands: number;
  readonly backslashes: number;
  readonly digits: number;
}

const LETTER = 1;
const DIGIT = 2;
const LEET_SIGN = 4;
const RUN_SIGN = 8;
const PERCENT = 16;
const AMPERSAND = 32;
const BACKSLASH = 64;
const GAP = 128;

function classOf(character: string): number {
  if (/[a-z]/i.test(character)) return LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[@$!|]/.test(character)) return LEET_SIGN | (character === '|' ? GAP : 0);
  if (/[+/_=-]/.test(character)) return RUN_SIGN | GAP;
  if (character === '%') return PERCENT;
  if (character === '&') return AMPERSAND;
  if (character === '\\') return BACKSLASH;
  return /[ .*~,]/.test(character) ? GAP : 0;
}

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classOf(String.fromCharCode(code)));

/** Reads the traits of a text. */
export function traitsOf(text: string): Traits {
  let hasNonAscii = false;
  let hasMixedWord = false;
  let hasSpacedLetters = false;
  let longestRun = 0;
  let run = 0;
  let singles = 0;
  let percents = 0;
  let ampersands = 0;
  let backslashes = 0;
  let digits = 0;
  let last = 0;
  let beforeLast = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    let current = LETTER;
    if (code < 128) current = CLASSES[code] ?? 0;
    else hasNonAscii = true;
    if ((current & LETTER) !== 0) {
      if ((beforeLast & LETTER) !== 0 && (last & (DIGIT | LEET_SIGN)) !== 0) hasMixedWord = true;
      // A letter, one gap, a letter: singles go on as long as that alternates.
      if ((last & GAP) !== 0 && (beforeLast & LETTER) !== 0) singles += 1;
      else singles = 0;
      if (singles >= 3) hasSpacedLetters = true;
    } else if ((current & GAP) === 0) singles = 0;
    if ((current & (LETTER | DIGIT | RUN_SIGN)) !== 0 && code < 128) {
      run += 1;
      if (run > longestRun) longestRun = run;
    } else run = 0;
    if ((current & DIGIT) !== 0) digits += 1;
    else if ((current & PERCENT) !== 0) percents += 1;
    else if ((current & AMPERSAND) !== 0) ampersands += 1;
    else if ((current & BACKSLASH) !== 0) backslashes += 1;
    beforeLast = last;
    last = current;
  }
  return {
    hasNonAscii,
    hasMixedWord,
    hasSpacedLetters,
    longestRun,
    percents,
    ampersands,
    backslashes,
    digits,
  };
}
