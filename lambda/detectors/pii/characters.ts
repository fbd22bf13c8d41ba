/** What each UTF-16 unit means to the search for personal data, and the plain character that it stands for. */

/**
 * Classes in an order that the lexer relies on: below IGNORE a region ends or a group is bracketed, from
 * LOWER on a token goes on. The bit of a class in a set of flags is `1 << class`.
 */
export const SPACE = 0;
export const NEWLINE = 1;
export const BREAK = 2;
export const CLOSE = 3;
export const RIGHT_BRACKET = 4;
export const OPEN = 5;
export const LEFT_BRACKET = 6;
/** Invisible: zero-width characters, soft hyphens, bidi controls, and the second half of a pair. */
export const IGNORE = 7;
export const LOWER = 8;
export const UPPER = 9;
export const DIGIT = 10;
/** Full stop, hyphen, slash and their look-alikes. */
export const SEPARATOR = 11;
export const PLUS = 12;
export const AT = 13;
export const COLON = 14;
export const OTHER = 15;

export const HAS_LOWER = 1 << LOWER;
export const HAS_UPPER = 1 << UPPER;
export const HAS_DIGIT = 1 << DIGIT;
export const HAS_SEPARATOR = 1 << SEPARATOR;
export const HAS_PLUS = 1 << PLUS;
export const HAS_AT = 1 << AT;
export const HAS_COLON = 1 << COLON;
export const HAS_OTHER = 1 << OTHER;
export const HAS_LEFT_BRACKET = 1 << LEFT_BRACKET;
/** A unit outside ASCII: the region needs a shadow. */
export const HAS_FOREIGN = 1 << 16;

const byClass: readonly (readonly [number, string])[] = [
  [SPACE, ' \t'],
  [NEWLINE, '\n\r\v\f'],
  [BREAK, '"<>,;|{}'],
  [CLOSE, ')'],
  [RIGHT_BRACKET, ']'],
  [OPEN, '('],
  [LEFT_BRACKET, '['],
  [LOWER, 'abcdefghijklmnopqrstuvwxyz'],
  [UPPER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [DIGIT, '0123456789'],
  [SEPARATOR, '.-/'],
  [PLUS, '+'],
  [AT, '@'],
  [COLON, ':'],
];

/** The class of every ASCII character; control characters break. */
export const ASCII_CLASS: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(BREAK, 0, 33).fill(OTHER, 33, 127);
  table[127] = BREAK;
  for (const [kind, characters] of byClass)
    for (const character of characters) table[character.charCodeAt(0)] = kind;
  return table;
})();

/** Look-alikes that fold to one ASCII character each. */
const lookAlikes = new Map<number, string>(
  (
    [
      [
        '-',
        '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02d7\ufe58\ufe63\u30fc\u00b7\u2022\u2027\u30fb',
      ],
      ['.', '\u2024\u3002\uff61\ufe52'],
      ['/', '\u2044\u2215\u29f8'],
      ['@', '\ufe6b'],
      [':', '\u2236\ua789\ufe55\u02d0'],
      ['+', '\ufe62\u2795'],
      [
        ' ',
        '\u00a0\u1680\u202f\u205f\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
      ],
      ['\n', '\u0085\u2028\u2029'],
    ] as const
  ).flatMap(([plain, alikes]) =>
    alikes.split('').map((character): [number, string] => [character.charCodeAt(0), plain]),
  ),
);

/** First code points of the decimal digits outside ASCII (Unicode Nd, basic plane). */
const digitBlocks = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
  0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

const isInvisible = (code: number): boolean =>
  code === 0xad ||
  code === 0x34f ||
  code === 0x61c ||
  (code >= 0x180b && code <= 0x180f) ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  (code >= 0xfe00 && code <= 0xfe0f) ||
  code === 0xfeff;

const isLowHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** True for the second half of a surrogate pair: no piece should start there. */
export const isSecondHalf = (text: string, index: number): boolean => isLowHalf(text.charCodeAt(index));

/** Scripts written without spaces, and what no identifier contains: they end a word of their own accord. */
const breaksWords = (code: number): boolean =>
  (code > 0x7f && code < 0xc0 && code !== 0xaa && code !== 0xb5 && code !== 0xba) ||
  (code >= 0xe00 && code < 0xf00) ||
  (code >= 0x2010 && code < 0x2c00) ||
  (code >= 0x2e00 && code < 0xa4d0) ||
  (code >= 0xac00 && code < 0xfb00) ||
  code >= 0xfe10;

const MATHEMATICAL_LETTERS = 0x1d400;
const MATHEMATICAL_DIGITS = 0x1d7ce;
const MATHEMATICAL_END = 0x1d7ff;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function foldPair(point: number): string {
  if (point >= MATHEMATICAL_DIGITS && point <= MATHEMATICAL_END)
    return String((point - MATHEMATICAL_DIGITS) % 10);
  if (point >= MATHEMATICAL_LETTERS && point < 0x1d6a4)
    return ALPHABET.charAt((point - MATHEMATICAL_LETTERS) % 52);
  if (point >= 0x1fbf0 && point <= 0x1fbf9) return String(point - 0x1fbf0);
  return point >= 0xe0000 && point <= 0xe0fff ? '' : '\u2026';
}

/**
 * The character that the unit at `index` stands for: itself, an ASCII look-alike, or nothing for what is
 * invisible. A surrogate pair answers at its first half; its second half stands for nothing.
 */
export function foldAt(text: string, index: number): string {
  const code = text.charCodeAt(index);
  if (code < 128) return text.charAt(index);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  if (isInvisible(code) || isLowHalf(code)) return '';
  if (code >= 0xd800 && code < 0xdc00) return foldPair(text.codePointAt(index) ?? code);
  const alike = lookAlikes.get(code);
  if (alike !== undefined) return alike;
  const block = digitBlocks.find((first) => code >= first && code < first + 10);
  return block === undefined ? text.charAt(index) : String(code - block);
}

/** The class of the unit at `index`, which is known not to be ASCII. */
export function foreignClassAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0xc0 && code < 0x2b0) return code === 0xd7 || code === 0xf7 ? BREAK : LOWER;
  const plain = foldAt(text, index);
  if (plain === '') return IGNORE;
  const folded = plain.charCodeAt(0);
  if (folded < 128) return ASCII_CLASS[folded] ?? BREAK;
  return breaksWords(folded) ? BREAK : LOWER;
}

/** The class of the character at an index of a text. */
export function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (ASCII_CLASS[code] ?? 0) : foreignClassAt(text, index);
}
