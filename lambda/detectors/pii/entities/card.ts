/** Payment card numbers: issuer ranges, lengths, the Luhn digit (ISO/IEC 7812-1). */
import { HAS_DIGIT } from '../characters.ts';
import {
  CERTAIN,
  CHECKED,
  type Finder,
  LETTERS,
  matchesIn,
  NOT_AFTER,
  NOT_BEFORE,
  type Region,
} from '../candidate.ts';
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

/** Whole runs of digits with at most three separators between groups. */
const run = new RegExp(String.raw`${NOT_AFTER}\d(?:[ .\-/]{0,3}\d){12,18}${NOT_BEFORE}`, 'g');
const usualGroups = new RegExp(
  String.raw`(?<![${LETTERS}\d_])\d{4}([ .-]{1,3})(?:\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{6}\1\d{4,5})(?![${LETTERS}\d_])`,
  'g',
);
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
    const consider = (match: RegExpExecArray, isUsual: boolean): void => {
      const digits = match[0].replace(/\D/g, '');
      if (!isIssued(digits) || !passesLuhn(digits) || /^(\d)\1+$/.test(digits)) return;
      const isNamed = region.labels.isNamed('card', match.index);
      if (!isUsual && !isNamed && isUnusual(digits)) return;
      const weight = isUsual || isNamed ? CERTAIN : CHECKED;
      add({ type: 'CREDIT_CARD', start: match.index, end: match.index + match[0].length, weight });
    };
    for (const match of matchesIn(region, usualGroups)) consider(match, true);
    for (const match of matchesIn(region, run)) if (isRunOfCard(match[0])) consider(match, false);
  },
};

/** True when a card number, or the word for one, stands shortly before `index`. */
export const isNearCard = (region: Region, index: number): boolean =>
  region.labels.isNamed(['card', 'cvv', 'expiry'], index) ||
  /\d{4}[ -]?\d{4,6}[ -]?\d{4,5}/.test(region.text.slice(Math.max(0, index - 60), index));
