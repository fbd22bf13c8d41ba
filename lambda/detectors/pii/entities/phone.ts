/** Telephone numbers of any country: E.164 forms, national forms with separators, and digits that are named. */
import { HAS_DIGIT } from '../characters.ts';
import { type Finder, LABELLED, LETTERS, matchesIn, SHAPE } from '../candidate.ts';
import type { Region } from '../region.ts';

/** A run of digits with separators as phone numbers have them, and an extension. */
const number = String.raw`\d(?:[ .\-/()]{0,3}\d){5,18}`;
const run = new RegExp(
  String.raw`(?<![${LETTERS}\d_@#%=$€£.\-/]|[.\-/]\()(?:\+[ ]?|\(\+|\()?${number}` +
    String.raw`(?:\)?[ ]?(?:X|EXT\.?)[ ]?\d{1,6})?(?![${LETTERS}\d_%]|[.\-/:@]\d|[€$£])`,
  'g',
);
/** The same behind `=`, `#` and the like, where a word says that a phone follows. */
const named = new RegExp(String.raw`(?<=[=#:])(?:\+|\()?${number}(?![${LETTERS}\d_%]|[.\-/:]\d)`, 'g');
const namedSign = /[=#:]/;

const MOST_DIGITS = 15;
/** Country calling codes of one and two digits; all others have three (ITU-T E.164). */
const callingCode =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1234568]\d|29[0-9]|3[578]\d|42[013]|50\d|59\d|6[789]\d|8[058]\d|87\d|96\d|97\d|99[2-8])/;

const isDate =
  /^(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:\d{4}|\d\d))(?: |$)/;
const isYears = /^(?:1[89]|20)\d\d ?[-/] ?(?:1[89]|20)\d\d$/;

/** National forms that are phones without a word saying so. */
const nationalForms: readonly RegExp[] = [
  /^(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}$/,
  /^(?:1([.-]))?\d{3}([.-])\d{3}\2\d{4}$/,
  /^(?:1 )?[2-9]\d{2} [2-9]\d{2} \d{4}$/,
  /^\(0?\d{1,5}\) ?\d{2,4}(?:[ .-]?\d{2,4}){1,3}$/,
  /^0\d(?:([ .-])\d\d)(?:\1\d\d){3}$/,
  /^0\d{1,4}([ -/])\d{3,4}\1?\d{3,4}$/,
  /^0\d{2,4}[ -]\d{6,8}$/,
  /^0\d[ -]\d{7,8}$/,
  /^0\d{1,3}(?: \d{2,4}){2,4}$/,
];

interface Run {
  readonly text: string;
  readonly digits: string;
  readonly isParted: boolean;
}

function isInternational({ text, digits }: Run): boolean {
  const isPlus = /^\(?\+/.test(text);
  if (!isPlus && !/^00\d/.test(digits)) return false;
  const withCountry = isPlus ? digits : digits.slice(2);
  if (isPlus && !/^\+ ?\d/.test(text.replace('(', ''))) return false;
  return callingCode.test(withCountry) && withCountry.length >= (isPlus ? 8 : 9);
}

function isNational({ text, digits }: Run): boolean {
  return digits.length >= 8 && digits.length <= 12 && nationalForms.some((form) => form.test(text));
}

/** What a number is called after it: "-Office", " fax". */
const namedAfter = /^\)?[ ]?[-(]?[ ]?(?:office|fax|mobile|cell|home|work|phone|tel|desk)(?![A-Za-z])/i;

const LEAST_DIGITS = 7;
/** Short numbers in groups count when a word says what they are. */
const LEAST_PARTED_DIGITS = 6;
const LEAST_DIGITS_OF_CALL = 9;

function isNamed(region: Region, index: number, length: number, { digits, isParted }: Run): boolean {
  if (digits.length > MOST_DIGITS) return false;
  const { labels, text } = region;
  if (digits.length >= (isParted ? LEAST_PARTED_DIGITS : LEAST_DIGITS) && labels.isNamed('phone', index))
    return true;
  if (isParted && namedAfter.test(text.slice(index + length, index + length + 12))) return true;
  if (digits.length < (isParted ? LEAST_PARTED_DIGITS : LEAST_DIGITS_OF_CALL)) return false;
  return labels.isNamed('call', index, digits.length > LEAST_DIGITS ? 4 : 1);
}

function weigh(region: Region, index: number, length: number, candidate: Run): number | undefined {
  const { text, digits } = candidate;
  if (digits.length < LEAST_PARTED_DIGITS || digits.length > MOST_DIGITS + 2) return undefined;
  if (isDate.test(text) || isYears.test(text) || /^\d*\.\d+$|^[01 ]+$/.test(text)) return undefined;
  if (isInternational(candidate) || isNamed(region, index, length, candidate)) return LABELLED;
  const isOther =
    region.labels.isNamed(['reference', 'version', 'account', 'card'], index, 4) ||
    region.labels.isNamed('place', index, 0);
  return !isOther && isNational(candidate) ? SHAPE : undefined;
}

const extension = /\)?[ ]?(?:X|EXT\.?)[ ]?\d{1,6}$/;
const MOST_GROUPS = 7;
/** Digits that an international number has at least, with a plus and with two zeros before it. */
const LEAST_AFTER_PLUS = 8;
const LEAST_WITH_ZEROS = 11;
const LEAST_OF_NATION = 8;
const plusStart = /\(?\+/y;
const zerosStart = /\D*0\D*0/y;
/** What every national form begins with. */
const nationalStart =
  /(?:1[ .-])?\(|0\d|(?:1[.-])?\d{3}[.-]\d{3}[.-]\d{4}|(?:1 )?[2-9]\d{2} [2-9]\d{2} \d{4}/y;
const tail = /office|fax|mobile|cell|home|work|phone|tel|desk/i;

/** A run of digits in groups that spaces part. */
interface Groups {
  readonly text: string;
  /** Where it stands in the region. */
  readonly index: number;
  /** Where each group starts, and where the last one ends. */
  readonly starts: readonly number[];
  /** Digits before each of these. */
  readonly digits: readonly number[];
  readonly hasExtension: boolean;
  /** A word that names numbers stands behind some number of the region. */
  readonly hasTail: boolean;
}

function groupsOf(text: string, index: number, hasTail: boolean): Groups {
  const starts: number[] = [];
  const digits: number[] = [];
  let count = 0;
  let isGap = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isSpace = code === SPACE;
    if (!isSpace && isGap) {
      starts.push(at);
      digits.push(count);
    }
    isGap = isSpace;
    if (code >= ZERO && code <= NINE) count++;
  }
  starts.push(text.length);
  digits.push(count);
  return { text, index, starts, digits, hasExtension: text.includes('X'), hasTail };
}

const SPACE = 32;
const ZERO = 48;
const NINE = 57;

/** Whether any stretch from a group on can be a phone, by its first signs and the digits that it can have. */
function mayBePhone(
  { labels }: Region,
  { text, index, starts, digits, hasTail }: Groups,
  first: number,
): boolean {
  const most = digitsIn(digits, first, Math.min(starts.length - 1, first + MOST_GROUPS));
  if (most < LEAST_PARTED_DIGITS) return false;
  const at = starts[first] ?? 0;
  const begins = (expression: RegExp): boolean => {
    expression.lastIndex = at;
    return expression.test(text);
  };
  return (
    (most >= LEAST_AFTER_PLUS && begins(plusStart)) ||
    (most >= LEAST_WITH_ZEROS && begins(zerosStart)) ||
    (most >= LEAST_OF_NATION && begins(nationalStart)) ||
    hasTail ||
    labels.isNamed('phone', index + at) ||
    labels.isNamed('call', index + at, 4)
  );
}

const digitsIn = (digits: readonly number[], first: number, last: number): number =>
  (digits[last] ?? 0) - (digits[first] ?? 0);

/** The longest stretch of groups from `first` on that is a phone, with its weight. */
function phoneFrom(region: Region, groups: Groups, first: number): Sized | undefined {
  if (!mayBePhone(region, groups, first)) return undefined;
  const { starts, digits, hasExtension } = groups;
  const from = starts[first] ?? 0;
  for (let last = Math.min(starts.length - 1, first + MOST_GROUPS); last > first; last--) {
    const count = digitsIn(digits, first, last);
    if (count < LEAST_PARTED_DIGITS) return undefined;
    if (!hasExtension && count > MOST_DIGITS + 2) continue;
    const whole = groups.text.slice(from, starts[last]).trimEnd();
    const text = hasExtension ? whole.replace(extension, '') : whole;
    const candidate = { text, digits: text.replace(/\D/g, ''), isParted: /\d\D+\d/.test(text) };
    const weight = weigh(region, groups.index + from, whole.length, candidate);
    if (weight !== undefined) return { length: whole.length, groups: last - first, weight };
  }
  return undefined;
}

interface Sized {
  readonly length: number;
  readonly groups: number;
  readonly weight: number;
}

export const phone: Finder = {
  types: ['PHONE'],
  needs: HAS_DIGIT,
  least: 7,
  find(region, add) {
    let hasTail: boolean | undefined;
    const consider = (match: RegExpExecArray): void => {
      hasTail ??= tail.test(region.text.slice(region.from));
      const groups = groupsOf(match[0], match.index, hasTail);
      for (let first = 0; first < groups.starts.length - 1;) {
        const found = phoneFrom(region, groups, first);
        const start = match.index + (groups.starts[first] ?? 0);
        if (found !== undefined)
          add({ type: 'PHONE', start, end: start + found.length, weight: found.weight });
        first += found?.groups ?? 1;
      }
    };
    for (const match of matchesIn(region, run, region.upper)) consider(match);
    // Nearly no region has one of its signs; the character before the region may be one.
    if (namedSign.test(region.text.slice(Math.max(0, region.from - 1))))
      for (const match of matchesIn(region, named)) consider(match);
  },
};
