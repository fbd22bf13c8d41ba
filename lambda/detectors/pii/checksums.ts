/** The check digits that tell an identifier from a number that only looks like one. */

const ZERO = 48;

/** ISO/IEC 7812-1 annex B: every second digit from the right is doubled. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, isDoubled = false; index >= 0; index--, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(index) - ZERO;
    const doubled = digit * 2;
    sum += isDoubled ? (doubled > 9 ? doubled - 9 : doubled) : digit;
  }
  return sum % 10 === 0;
}

/** The remainder by 97 of a string of digits and letters, letters counting from 10. */
export function remainderBy97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    remainder = (value > 9 ? remainder * 100 + value : remainder * 10 + value) % 97;
  }
  return remainder;
}

/** ISO 13616: the first four characters go to the end, the remainder by 97 is 1. */
export const passesMod97 = (iban: string): boolean => remainderBy97(iban.slice(4) + iban.slice(0, 4)) === 1;

const dihedral =
  '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210';
const permutation = '01234567891576283094580379614289160435279453126870428657390127938064157046913258';

/** Verhoeff's scheme in the dihedral group of order ten (Aadhaar). */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - ZERO;
    const permuted = permutation.charCodeAt((place % 8) * 10 + digit) - ZERO;
    check = dihedral.charCodeAt(check * 10 + permuted) - ZERO;
  }
  return check === 0;
}

/** The sum of each digit times the weight at its place. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * (digits.charCodeAt(place) - ZERO), 0);
}

/** ISO/IEC 7064, MOD 11,10: a check digit over a chain of products. */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** The digit at a place. */
export const digitAt = (digits: string, place: number): number => digits.charCodeAt(place) - ZERO;

/** True for a month and a day that a calendar has, wherever the year. */
export function isDayOfYear(month: string, day: string): boolean {
  return month >= '01' && month <= '12' && day >= '01' && day <= '31';
}
