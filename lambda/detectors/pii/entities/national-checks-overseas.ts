/** The checks of national identifiers outside Europe, each as its authority publishes it. */
import { digitAt, isDayOfYear, passesLuhn, weightedSum } from '../checksums.ts';

/** Australia, tax file number: weights 1 4 3 7 5 8 6 9 10, a multiple of 11. */
export const isTfn = (digits: string): boolean =>
  weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;

/** Australia, Medicare: weights 1 3 7 9. */
export const isMedicareNumber = (digits: string): boolean =>
  weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8);

/** Turkey: sums of odd and even places, then of all ten. */
export function isTckn(digits: string): boolean {
  const odd = weightedSum(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weightedSum(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === digitAt(digits, 9) && (odd + even + tenth) % 10 === digitAt(digits, 10);
}

/** China (GB 11643): a date and MOD 11-2. */
export function isChineseId(compact: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return (
    isDayOfYear(compact.slice(10, 12), compact.slice(12, 14)) &&
    '10X98765432'.charAt(weightedSum(compact, weights) % 11) === compact.at(-1)
  );
}

/** South Korea: a date; numbers since October 2020 carry no check digit. */
export const isKoreanNumber = (digits: string): boolean =>
  isDayOfYear(digits.slice(2, 4), digits.slice(4, 6));

const SINGAPORE_LETTERS: Readonly<Record<string, string>> = {
  S: 'JZIHGFEDCBA',
  T: 'GFEDCBAJZIH',
  F: 'XWUTRQPNMLK',
  G: 'RQPNMLKXWUT',
};

/** Singapore: weights 2 7 6 5 4 3 2, a letter of a table for each series. */
export function isNric(compact: string): boolean {
  const letters = SINGAPORE_LETTERS[compact.charAt(0)] ?? '';
  return letters.charAt(weightedSum(compact.slice(1), [2, 7, 6, 5, 4, 3, 2]) % 11) === compact.at(-1);
}

/** Chile: weights 2 to 7 from the right, K for 10. */
export function isRut(compact: string): boolean {
  const digits = compact.slice(0, -1);
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, place) => total + Number(digit) * ((place % 6) + 2), 0);
  return '0K987654321'.charAt(sum % 11) === compact.at(-1);
}

/** Argentina: weights 5 4 3 2 7 6 5 4 3 2. */
export const isCuit = (digits: string): boolean =>
  (11 - (weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 10);

/** South Africa: a date, Luhn. */
export const isSouthAfricanId = (digits: string): boolean =>
  isDayOfYear(digits.slice(2, 4), digits.slice(4, 6)) && passesLuhn(digits);

/** Japan, individual number: weights 6 5 4 3 2 7 6 5 4 3 2, 11 minus the remainder, 0 for 10 and 11. */
export function isMyNumber(digits: string): boolean {
  const remainder = weightedSum(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (remainder <= 1 ? 0 : 11 - remainder) === digitAt(digits, 11);
}

const CURP_SIGNS = '0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ';

/** Mexico: places in the alphabet with \u00d1 times weights 18 to 2. */
export function isCurp(compact: string): boolean {
  let sum = 0;
  for (let place = 0; place < 17; place++) sum += CURP_SIGNS.indexOf(compact.charAt(place)) * (18 - place);
  return (10 - (sum % 10)) % 10 === digitAt(compact, 17);
}

/** Israel: digits times 1 and 2 in turn, digit sums, a multiple of 10: Luhn over nine digits. */
export const isTeudatZehut = (digits: string): boolean => !/^(\d)\1+$/.test(digits) && passesLuhn(digits);

/** Bulgaria: weights 2 4 8 5 10 9 7 3 6. */
export const isEgn = (digits: string): boolean =>
  (weightedSum(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(digits, 9);
