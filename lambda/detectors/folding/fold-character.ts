/** Folds one code point to the form in which phrases are compared: one case, one width, no hidden characters. */

export interface FoldedCharacter {
  /** What is compared; empty for a character that a reader does not see. */
  readonly symbols: string;
  /** Letters, marks and digits of scripts that part words by spaces. */
  readonly isWord: boolean;
}

/**
 * How far folding goes: `case` only lowers letters, `marks` also undoes width, ligatures and hidden characters and
 * keeps accents apart from their letters, `bare` takes the accents away.
 */
export type FoldingDepth = 'case' | 'marks' | 'bare';

const DROPPED: FoldedCharacter = { symbols: '', isWord: false };
const SPACE: FoldedCharacter = { symbols: ' ', isWord: false };

const HIDDEN = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]$/u;
const WORD = /^[\p{L}\p{N}\p{M}]/u;
/** Scripts written without spaces, or (Hangul) with particles glued to the word: no boundary rule there. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]|^[\u3099\u309a]/u;
const LATER_MARKS =
  /[\u0300-\u036f]|[\u0483-\u0489]|[\u0610-\u061a]|\u0640|[\u064b-\u065f]|\u0670|[\u20d0-\u20ff]/g;

/** Ideographs and Hangul syllables stay as they are; a range is told much faster than a script. */
function isIdeographOrSyllable(codePoint: number): boolean {
  return (codePoint >= 0x4e00 && codePoint <= 0x9fff) || (codePoint >= 0xac00 && codePoint <= 0xd7a3);
}

/** Letters that Unicode does not decompose although readers take them for the same. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ı', 'i'],
  ['ς', 'σ'],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201b', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u201e', '"'],
  ['\u00ab', '"'],
  ['\u00bb', '"'],
]);
const BARE: ReadonlyMap<string, string> = new Map([
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['æ', 'ae'],
  ['œ', 'oe'],
]);

function fold(codePoint: number, depth: FoldingDepth): FoldedCharacter {
  const character = String.fromCodePoint(codePoint);
  if (isIdeographOrSyllable(codePoint)) return { symbols: character, isWord: false };
  if ((codePoint >= 9 && codePoint <= 13) || codePoint === 0x85) return SPACE;
  if (depth === 'case') return foldCase(character);
  if (HIDDEN.test(character)) return DROPPED;
  if (/^\s$/u.test(character)) return SPACE;
  if (/^\p{Pd}$/u.test(character) || codePoint === 0x2212) return { symbols: '-', isWord: false };
  const plain = enclosedLetter(codePoint) ?? character.normalize('NFKD').toLowerCase();
  let symbols = Array.from(plain.normalize('NFD'), (unit) => SAME.get(unit) ?? unit).join('');
  if (codePoint === 0x130) symbols = 'i';
  if (depth === 'bare') {
    symbols = Array.from(symbols, (unit) => BARE.get(unit) ?? unit)
      .join('')
      .replace(LATER_MARKS, '');
  }
  if (symbols.includes(' ')) symbols = character;
  return { symbols, isWord: WORD.test(symbols) && !UNSPACED.test(symbols) };
}

function foldCase(character: string): FoldedCharacter {
  if (/^\s$/u.test(character)) return SPACE;
  const symbols = character.toLowerCase();
  return { symbols, isWord: WORD.test(symbols) && !UNSPACED.test(symbols) };
}

/** Squared, negative-circled and regional-indicator letters have no decomposition in Unicode. */
function enclosedLetter(codePoint: number): string | undefined {
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (codePoint >= first && codePoint < first + 26) return String.fromCharCode(97 + codePoint - first);
  }
  return undefined;
}

/** Folding is a pure function of the code point, so what was computed once is kept for the process. */
const known: Record<FoldingDepth, Map<number, FoldedCharacter>> = {
  case: new Map(),
  marks: new Map(),
  bare: new Map(),
};
const MOST_KNOWN = 20_000;

/** The folded form of any code point, lone surrogates included. */
export function foldCharacter(codePoint: number, depth: FoldingDepth): FoldedCharacter {
  const memory = known[depth];
  const seen = memory.get(codePoint);
  if (seen !== undefined) return seen;
  const folded = fold(codePoint, depth);
  if (memory.size >= MOST_KNOWN) memory.clear();
  memory.set(codePoint, folded);
  return folded;
}
