/** Passports and driving licences, which have no public check: a label word decides. */
import { createRuleFinder } from './rules.ts';

const digitsOf = (compact: string): number => compact.replace(/\D/g, '').length;
const hasDigits =
  (least: number) =>
  (compact: string): boolean =>
    digitsOf(compact) >= least;
const REACH = 5;

/** US passports have nine digits, or a letter before eight (22 CFR 51; State Department). */
const isAmerican = /^[A-Z]?\d{8}$|^\d{9}$/;

export const passport = createRuleFinder([
  {
    type: 'US_PASSPORT',
    least: 6,
    isLoose: true,
    shape: String.raw`[A-Z\d]{1,2} ?\d{2}[A-Z\d]{3,6}\d{0,2}`,
    check: hasDigits(5),
    labels: ['passport'],
    reach: REACH,
    typeOf: (compact) => (isAmerican.test(compact) ? 'US_PASSPORT' : 'PASSPORT'),
  },
  {
    type: 'PASSPORT',
    least: 6,
    isLoose: true,
    shape: String.raw`[A-Z\d]{6,10}`,
    check: hasDigits(4),
    labels: ['passport'],
    reach: REACH,
  },
]);

/** The British number spells name and birthday (DVLA). */
const british = String.raw`[A-Z9]{5}\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}\d[A-Z]{2}`;

/** Eight letters and digits, or fewer up to the end of a run: there is one way to read a run, so none is tried twice. */
const part = String.raw`(?:[A-Z\d]{8}|[A-Z\d]{1,7}(?![A-Z\d]))`;

export const driversLicense = createRuleFinder([
  { type: 'DRIVERS_LICENSE', least: 16, shape: british, labels: ['license'], unnamed: 'always' },
  {
    type: 'DRIVERS_LICENSE',
    least: 5,
    isLoose: true,
    shape: `${part}(?:[ -]?${part}){0,4}`,
    check: (compact) => digitsOf(compact) >= 4 && compact.length >= 5 && compact.length <= 20,
    labels: ['license'],
    reach: REACH,
  },
]);
