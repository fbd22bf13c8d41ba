/** Payment card numbers: issuer ranges, lengths, the Luhn digit (ISO/IEC 7812-1). */
import { HAS_DIGIT } from '../characters.ts';
import { type Candidate, CERTAIN, CHECKED, type Finder, LETTERS, NOT_BEFORE } from '../candidate.ts';
import type { Region } from '../region.ts';
import { passesLuhn } from '../checksums.ts';

/** First digits and lengths by network: the issuers' published ranges. */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:2131|1800)/, [15]],
  [/^3(?:0[0-5]|095|6|[89])/, [14, 16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6)/, [13, 15, 16, 17, 18, 19]],
  [/^220[0-4]/, [16, 17, 18, 19]],
];

const isIssued = (digits: string): boolean =>
  ISSUERS.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length));

/** Ways to write a number from a first digit on, the likelier first; the last is any run with few separators. */
const forms: readonly { readonly expression: RegExp; readonly isUsual: boolean }[] = [
  [String.raw`\d{4}([ .-]{1,3})\d{4}\1\d{4}\1\d{4}(?![${LETTERS}\d_])`, true] as const,
  [
    String.raw`\d{4}([ .-]{1,3})(?:\d{4}\1\d{4}\1\d{4}\1\d{1,3}|\d{6}\1\d{4,5})(?![${LETTERS}\d_])`,
    true,
  ] as const,
  [String.raw`\d{13,19}${NOT_BEFORE}`, false] as const,
  [String.raw`\d(?:[ .\-/]{0,3}\d){12,18}${NOT_BEFORE}`, false] as const,
].map(([form, isUsual]) => ({ expression: new RegExp(form, 'y'), isUsual }));
const separators = /[ .\-/]+/;

const MOST_UNEQUAL_GROUPS = 5;
/** Lengths at which one issuer's short prefix alone says little. */
const isUnusual = (digits: string): boolean => digits.length < 15 || digits.length > 16;

function isRunOfCard(text: string): boolean {
  const groups = text.split(separators);
  if (groups.length === 1) return true;
  const [first = '', ...rest] = groups.slice(0, -1);
  return groups.length <= MOST_UNEQUAL_GROUPS
    ? groups.every(({ length }) => length > 1)
    : rest.every(({ length }) => length === first.length);
}

export const creditCard: Finder = {
  types: ['CREDIT_CARD'],
  needs: HAS_DIGIT,
  least: 13,
  find(region, add) {
    for (const index of region.starts) {
      if (!mayBeCard(region.text, index)) continue;
      const candidate = cardAt(region, index);
      if (candidate !== undefined) add(candidate);
    }
  },
};

const ZERO = 48;
const SPACE = 32;
const HYPHEN = 45;
const SLASH = 47;
const WIDEST_GAP = 3;
const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;
/** First digits that some issuer has; of 1 and 2 only few beginnings are issued. */
const FIRST_DIGITS = /[3-6]|2\D{0,3}[1-7]|1\D{0,3}8/y;
/** What remains of a digit that Luhn doubles. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** Whether some number of 13 to 19 digits starts here that has an issuer's first digits and passes Luhn. */
function mayBeCard(text: string, start: number): boolean {
  FIRST_DIGITS.lastIndex = start;
  if (!FIRST_DIGITS.test(text)) return false;
  // The sums of a number whose every second digit is doubled, from the first digit on and from the second.
  let [first, second, count, gap] = [0, 0, 0, 0];
  for (let index = start; count < MOST_DIGITS && gap <= WIDEST_GAP; index++) {
    const code = text.charCodeAt(index);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) {
      const doubled = DOUBLED[digit] ?? 0;
      first += count % 2 === 0 ? doubled : digit;
      second += count % 2 === 0 ? digit : doubled;
      count++;
      gap = 0;
      // The last digit is never doubled.
      if (count >= FEWEST_DIGITS && (count % 2 === 0 ? first : second) % 10 === 0) return true;
    } else if (code === SPACE || (code >= HYPHEN && code <= SLASH)) gap++;
    else return false;
  }
  return false;
}

function cardAt(region: Region, index: number): Candidate | undefined {
  for (const { expression, isUsual } of forms) {
    expression.lastIndex = index;
    const text = expression.exec(region.text)?.[0];
    if (text === undefined) continue;
    const digits = text.replace(/\D/g, '');
    if (!isIssued(digits) || !passesLuhn(digits) || /^(\d)\1+$/.test(digits)) continue;
    if (!isUsual && !isRunOfCard(text)) continue;
    const isNamed = region.labels.isNamed('card', index);
    if (!isUsual && !isNamed && isUnusual(digits)) continue;
    const weight = isUsual || isNamed ? CERTAIN : CHECKED;
    return { type: 'CREDIT_CARD', start: index, end: index + text.length, weight };
  }
  return undefined;
}

/** True when a card number, or the word for one, stands shortly before `index`. */
export const isNearCard = (region: Region, index: number): boolean =>
  region.labels.isNamed(['card', 'cvv', 'expiry'], index) ||
  /\d{4}[ -]?\d{4,6}[ -]?\d{4,5}/.test(region.text.slice(Math.max(0, index - 60), index));
