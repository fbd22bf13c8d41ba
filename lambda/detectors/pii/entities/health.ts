/** Identifiers of health care: record numbers, insurance numbers, NPI, DEA. */
import { digitAt, passesLuhn, weightedSum } from '../checksums.ts';
import { createRuleFinder } from './rules.ts';

/** Card issuer 80840 of US health care goes before the number (45 CFR 162.406). */
const isNpi = (digits: string): boolean => /^[12]/.test(digits) && passesLuhn(`80840${digits}`);

/** Sum of places 1, 3, 5 and twice that of 2, 4, 6; its last digit is the check (DEA). */
const isDea = (compact: string): boolean =>
  weightedSum(compact.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === digitAt(compact, 8);

const hasDigits = (compact: string): boolean => compact.length >= 5 && compact.replace(/\D/g, '').length >= 4;

export const healthIdentifiers = createRuleFinder([
  { type: 'NPI', least: 10, shape: String.raw`[12]\d{9}`, check: isNpi, labels: ['npi'] },
  {
    type: 'DEA',
    least: 9,
    shape: String.raw`[ABFGMPRX][A-Z9]\d{7}`,
    check: isDea,
    labels: ['dea'],
    unnamed: 'always',
  },
  {
    type: 'HEALTH_INSURANCE_ID',
    least: 11,
    shape: String.raw`[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}`,
    labels: ['insurance'],
    unnamed: 'always',
  },
  {
    type: 'HEALTH_INSURANCE_ID',
    least: 5,
    isLoose: true,
    shape: String.raw`[A-Z\d]{1,12}(?:[ -]?[A-Z\d]{2,12}){0,4}`,
    check: hasDigits,
    labels: ['insurance'],
    reach: 4,
  },
  {
    type: 'MRN',
    least: 5,
    isLoose: true,
    shape: String.raw`[A-Z]{0,4}-?\d[A-Z\d]{3,11}(?:-[A-Z\d]{1,6})?`,
    check: hasDigits,
    labels: ['record'],
    reach: 4,
  },
]);
