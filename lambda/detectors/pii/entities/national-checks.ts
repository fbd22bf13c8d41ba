/** The checks of national identifiers, each as its authority publishes it; all take digits without separators. */
import { digitAt, isDayOfYear, passesLuhn, remainderBy97, weightedSum } from '../checksums.ts';

const isRepeated = (digits: string): boolean => /^(\d)\1+$/.test(digits);

/** NHS Data Dictionary: weights 10 to 2, the check digit brings the sum to a multiple of 11. */
export const isNhsNumber = (digits: string): boolean =>
  !isRepeated(digits) && weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Canada: Luhn; no number starts with 8, and 0 is kept for examples. */
export const isSin = (digits: string): boolean =>
  !digits.startsWith('8') && !isRepeated(digits) && passesLuhn(digits);

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain: the letter of the number's remainder by 23; X, Y, Z of foreigners stand for 0, 1, 2. */
export function isSpanishId(compact: string): boolean {
  const digits = compact.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return SPANISH_LETTERS.charAt(Number(digits) % 23) === compact.at(-1);
}

const CPF_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

/** Brazil: two digits by weights that fall to 2, remainder by 11. */
export function isCpf(digits: string): boolean {
  const check = (weights: readonly number[]): number => ((weightedSum(digits, weights) * 10) % 11) % 10;
  return (
    !isRepeated(digits) &&
    check(CPF_WEIGHTS) === digitAt(digits, 9) &&
    check([11, ...CPF_WEIGHTS]) === digitAt(digits, 10)
  );
}

const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** Italy (D.M. 23/12/1976): characters in odd places count by a table, the sum's remainder by 26 is the letter. */
export function isCodiceFiscale(compact: string): boolean {
  let sum = 0;
  for (let place = 0; place < 15; place++) {
    const code = compact.charCodeAt(place);
    const value = code < 65 ? code - 48 : code - 65;
    sum += place % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value;
  }
  return compact.charCodeAt(15) - 65 === sum % 26;
}

/** France (INSEE): 97 minus the remainder by 97; departments 2A and 2B count as 19 and 18. */
export function isNir(compact: string): boolean {
  const digits = compact.replace('2A', '19').replace('2B', '18');
  return /^\d{15}$/.test(digits) && 97 - remainderBy97(digits.slice(0, 13)) === Number(digits.slice(13));
}

/** Germany, pension insurance: the letter counts as two digits, digit sums of products, remainder by 10. */
export function isGermanSocialNumber(compact: string): boolean {
  const letter = String(compact.charCodeAt(8) - 64).padStart(2, '0');
  const digits = compact.slice(0, 8) + letter + compact.slice(9, 11);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = weights.reduce((total, weight, place) => {
    const product = weight * digitAt(digits, place);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return isDayOfYear(compact.slice(4, 6), compact.slice(2, 4)) && sum % 10 === digitAt(compact, 11);
}

/** ICAO 9303: weights 7, 3, 1, letters from 10 (German identity cards and passports). */
export function isMachineReadable(compact: string): boolean {
  if (compact.length !== 10) return compact.length === 9;
  const sum = Array.from(compact.slice(0, 9)).reduce(
    (total, character, place) => total + Number.parseInt(character, 36) * ([7, 3, 1][place % 3] ?? 0),
    0,
  );
  return sum % 10 === digitAt(compact, 9);
}

/** Netherlands: weights 9 to 2 and -1, a multiple of 11. */
export const isBsn = (digits: string): boolean =>
  !isRepeated(digits) && weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

/** Belgium: 97 minus the remainder by 97 of nine digits, with a 2 before them for births since 2000. */
export const isBelgianNumber = (digits: string): boolean =>
  ['', '2'].some((century) => 97 - remainderBy97(century + digits.slice(0, 9)) === Number(digits.slice(9)));

/** Poland: weights 1, 3, 7, 9. */
export const isPesel = (digits: string): boolean =>
  weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;

/** Portugal: weights 9 to 2, 11 minus the remainder, 0 for 10 and 11. */
export const isPortugueseTaxNumber = (digits: string): boolean =>
  /^[1-35689]/.test(digits) &&
  ((11 - (weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digitAt(digits, 8);

/** Sweden: a date and Luhn over the last ten digits. */
export function isSwedishNumber(compact: string): boolean {
  const digits = compact.replace('+', '').slice(-10);
  return isDayOfYear(digits.slice(2, 4), digits.slice(4, 6)) && passesLuhn(digits);
}

const FINNISH_SIGNS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

/** Finland: the remainder by 31 of the nine digits. */
export function isFinnishNumber(compact: string): boolean {
  const digits = compact.slice(0, 6) + compact.slice(-4, -1);
  return (
    isDayOfYear(digits.slice(2, 4), digits.slice(0, 2)) &&
    FINNISH_SIGNS.charAt(Number(digits) % 31) === compact.at(-1)
  );
}

/** Norway: two check digits by remainder 11. */
export const isNorwegianNumber = (digits: string): boolean =>
  isDayOfYear(digits.slice(2, 4), digits.slice(0, 2)) &&
  weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** EAN-13 (Switzerland, AHV number). */
export const isEan13 = (digits: string): boolean =>
  weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;

const IRISH_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

/** Ireland: weights 8 to 2, a second letter with weight 9, remainder by 23. */
export function isPps(compact: string): boolean {
  const second = compact.length > 8 && compact.charAt(8) !== 'W' ? compact.charCodeAt(8) - 64 : 0;
  return (
    IRISH_LETTERS.charAt((weightedSum(compact, [8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23) ===
    compact.charAt(7)
  );
}

/** Romania: a date and weights 2 7 9 1 4 6 3 5 8 2 7 9, remainder by 11, 1 for 10. */
export function isCnp(digits: string): boolean {
  const remainder = weightedSum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (
    isDayOfYear(digits.slice(3, 5), digits.slice(5, 7)) &&
    (remainder === 10 ? 1 : remainder) === digitAt(digits, 12)
  );
}
