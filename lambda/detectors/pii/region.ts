/** A region of text as finders see it: normalised, with what several of them ask for worked out once, when first asked. */
import { type Labels, labelsOf } from './labels.ts';
import { shadowOf } from './shadow.ts';

const isPlain = /^[\0-\x7f]*$/;
const smallLetters = /[a-z]+/g;

/** A region of the shadow together with the text before it. */
export class Region {
  /** The context, then the region; both normalised. */
  readonly text: string;
  /** Where in `text` the region starts; no candidate starts before it. */
  readonly from: number;
  /** Classes of characters that occur in the region, as bits. */
  readonly flags: number;
  private readonly isPlain: boolean;
  private knownUpper: string | undefined;
  private knownLabels: Labels | undefined;
  private knownStarts: readonly number[] | undefined;
  private knownLength = -1;

  /**
   * @param before The text before the region, as it stands.
   * @param shadow The region, normalised.
   * @param isForeign The region had other than ASCII characters.
   */
  constructor(before: string, shadow: string, flags: number, isForeign: boolean) {
    const isPlainBefore = isPlain.test(before);
    const context = isPlainBefore ? before : shadowOf(before).text;
    this.text = context + shadow;
    this.from = context.length;
    this.flags = flags;
    this.isPlain = isPlainBefore && !isForeign;
  }

  /** `text` with a to z as capitals, so that expressions need not fold case. */
  get upper(): string {
    this.knownUpper ??= this.isPlain ? this.text.toUpperCase() : plainUpper(this.text);
    return this.knownUpper;
  }

  /** The label words before an index of `text`. */
  get labels(): Labels {
    this.knownLabels ??= labelsOf(this.text);
    return this.knownLabels;
  }

  /** Where letters and digits begin that NOT_AFTER lets stand. */
  get starts(): readonly number[] {
    this.knownStarts ??= startsIn(this.text, this.from);
    return this.knownStarts;
  }

  /** Characters of the region but spaces, full stops, hyphens and slashes. */
  get compactLength(): number {
    if (this.knownLength < 0) this.knownLength = compactLengthOf(this.text, this.from);
    return this.knownLength;
  }
}

const plainUpper = (text: string): string => text.replace(smallLetters, (letters) => letters.toUpperCase());

const SPACE = 32;
const HYPHEN = 45;
const SLASH = 47;
const UNDERSCORE = 95;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSeparator = (code: number): boolean => code >= HYPHEN && code <= SLASH;
const isLatin = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
/** The letters of LETTERS beyond ASCII. */
const isForeignLetter = (code: number): boolean =>
  (code >= 0xaa && code <= 0x2af) || (code >= 0x370 && code <= 0xdff) || (code >= 0xf00 && code <= 0x1fff);

/** Where a letter or digit stands that is no part of a longer word or number: as NOT_AFTER has it. */
function startsIn(text: string, from: number): readonly number[] {
  const starts: number[] = [];
  let before = from > 0 ? text.charCodeAt(from - 1) : SPACE;
  let isAfterDigit = from > 1 && isDigit(text.charCodeAt(from - 2));
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isStart =
      (isDigit(code) || isLatin(code)) &&
      !(isDigit(before) || isLatin(before) || before === UNDERSCORE || isForeignLetter(before)) &&
      !(isAfterDigit && isSeparator(before));
    if (isStart) starts.push(index);
    isAfterDigit = isDigit(before);
    before = code;
  }
  return starts;
}

function compactLengthOf(text: string, from: number): number {
  let length = 0;
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== SPACE && !isSeparator(code)) length++;
  }
  return length;
}
