/** One pass over a text that tells which disguises and encodings are worth undoing. */

export interface Traits {
  readonly hasNonAscii: boolean;
  /** A digit or sign between two letters, as in "pr0mpt". */
  readonly hasMixedWord: boolean;
  /** Four single letters in a row, as in "i g n o r e". */
  readonly hasSpacedLetters: boolean;
  /** Characters of the longest run of letters, digits and the signs of base64. */
  readonly longestRun: number;
  /** Characters of the longest run of hexadecimal digits and what may part them. */
  readonly longestHexRun: number;
}

const LETTER = 1;
const DIGIT = 2;
const LEET_SIGN = 4;
const RUN = 8;
const GAP = 16;
const HEX_RUN = 32;

function classOf(character: string): number {
  const isHex = /[0-9a-f\s:,]/i.test(character) ? HEX_RUN : 0;
  const isRun = /[a-z0-9+/_=-]/i.test(character) ? RUN : 0;
  const isGap = /[ .*~,+/_=|-]/.test(character) ? GAP : 0;
  const isLetter = /[a-z]/i.test(character) ? LETTER : 0;
  const isDigit = /[0-9]/.test(character) ? DIGIT : 0;
  return isHex | isRun | isGap | isLetter | isDigit | (/[@$!|]/.test(character) ? LEET_SIGN : 0);
}

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classOf(String.fromCharCode(code)));

/** Reads the traits of a text. */
export function traitsOf(text: string): Traits {
  let hasNonAscii = false;
  let hasMixedWord = false;
  let longestSingles = 0;
  let longestRun = 0;
  let longestHexRun = 0;
  let run = 0;
  let hexRun = 0;
  let singles = 0;
  let last = 0;
  let beforeLast = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const current = code < 128 ? (CLASSES[code] ?? 0) : LETTER;
    if (code >= 128) hasNonAscii = true;
    run = (current & RUN) === 0 ? 0 : run + 1;
    if (run > longestRun) longestRun = run;
    hexRun = (current & HEX_RUN) === 0 ? 0 : hexRun + 1;
    if (hexRun > longestHexRun) longestHexRun = hexRun;
    if ((current & LETTER) !== 0 && (beforeLast & LETTER) !== 0) {
      if ((last & (DIGIT | LEET_SIGN)) !== 0) hasMixedWord = true;
      // A letter, one gap, a letter: a row of singles goes on as long as that alternates.
      singles = (last & GAP) === 0 ? 0 : singles + 1;
      if (singles > longestSingles) longestSingles = singles;
    } else if ((current & GAP) === 0 || (last & LETTER) === 0) singles = 0;
    beforeLast = last;
    last = current;
  }
  return { hasNonAscii, hasMixedWord, hasSpacedLetters: longestSingles >= 3, longestRun, longestHexRun };
}
