/** Reads the words of a text once, so that those before any of its characters are known without reading again. */

export interface Words {
  readonly count: number;
  /** In small letters without accents; a word in camel case is several. */
  readonly textOf: (place: number) => string;
  /** Where a word starts in the text. */
  readonly startOf: (place: number) => number;
  /** The words of the text from `start` to `end`. */
  readonly before: (start: number, end: number) => WordWindow;
}

export interface WordWindow {
  /** The first word of the window, and how many words stand before its end. */
  readonly first: number;
  readonly count: number;
  /** All words of the window, where one of its borders falls within a word. */
  readonly cut?: readonly string[];
}

const isPlain = /^[\0-\x7f]*$/;
const accents = /[\u0300-\u036f]/g;
const word = /[A-Za-z]+(?:\d(?![A-Za-z\d]))?/g;
const hump = /([a-z])(?=[A-Z])/g;
const hasHump = /[a-z][A-Z]/;

/** The words of a stretch by itself. */
function wordsIn(stretch: string): readonly string[] {
  const plain = isPlain.test(stretch) ? stretch : stretch.normalize('NFD').replace(accents, '');
  const parted = hasHump.test(plain) ? plain.replace(hump, '$1 ') : plain;
  return parted.toLowerCase().match(word) ?? [];
}

/** The text without accents, and where each of its characters stands in the text, if not at the same place. */
function plainOf(text: string): { readonly plain: string; readonly origins?: readonly number[] } {
  if (isPlain.test(text)) return { plain: text };
  let plain = '';
  const origins: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const bare = text.charAt(index).normalize('NFD').replace(accents, '');
    plain += bare;
    for (let count = bare.length; count > 0; count--) origins.push(index);
  }
  return { plain, origins };
}

const isSmall = (code: number): boolean => code >= 97 && code <= 122;
const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLatinOrDigit = (code: number): boolean => isSmall(code) || isCapital(code) || isDigit(code);
const isLetter = (code: number): boolean => code >= 128 || isSmall(code) || isCapital(code);

/** Whether a stretch that starts here would begin with the rest of a word. */
const cutsStart = (text: string, index: number): boolean =>
  index > 0 && isLetter(text.charCodeAt(index)) && isLetter(text.charCodeAt(index - 1));

/** Whether a word would read otherwise if the text ended here. */
function cutsEnd(text: string, index: number): boolean {
  const [before, after] = [text.charCodeAt(index - 1), text.charCodeAt(index)];
  return (isLetter(before) || isDigit(before)) && (isLetter(after) || isDigit(after));
}

/** Reads all words of a text. */
export function readWords(text: string): Words {
  const { plain, origins } = plainOf(text);
  const { starts, ends } = bordersIn(plain);
  const texts: (string | undefined)[] = [];
  const startOf = (place: number): number => {
    const start = starts[place];
    if (start === undefined) return text.length;
    return origins === undefined ? start : (origins[start] ?? start);
  };
  let first = 0;
  let count = 0;
  return {
    count: starts.length,
    textOf: (place) => (texts[place] ??= plain.slice(starts[place], ends[place]).toLowerCase()),
    startOf,
    before(start, end) {
      if (cutsStart(text, start) || cutsEnd(text, end))
        return { first: 0, count: 0, cut: wordsIn(text.slice(start, end)) };
      while (count < starts.length && startOf(count) < end) count++;
      while (count > 0 && startOf(count - 1) >= end) count--;
      while (first < starts.length && startOf(first) < start) first++;
      while (first > 0 && startOf(first - 1) >= start) first--;
      return { first, count };
    },
  };
}

/** Where the words of an unaccented text start and end: capitals, then small letters, then a lone digit. */
function bordersIn(plain: string): { readonly starts: readonly number[]; readonly ends: readonly number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < plain.length;) {
    const start = index;
    while (isCapital(plain.charCodeAt(index))) index++;
    while (isSmall(plain.charCodeAt(index))) index++;
    if (index === start) {
      index++;
      continue;
    }
    if (isDigit(plain.charCodeAt(index)) && !isLatinOrDigit(plain.charCodeAt(index + 1))) index++;
    starts.push(start);
    ends.push(index);
  }
  return { starts, ends };
}
