/** National identifiers with a check: NHS, SIN, NIE, NIF, CPF, AADHAAR, PAN, CODICE_FISCALE, and NATIONAL_ID for others. */
import { isDayOfYear, passesMod11And10, passesVerhoeff } from '../checksums.ts';
import * as europe from './national-checks.ts';
import * as overseas from './national-checks-overseas.ts';
import { createRuleFinder, type Rule } from './rules.ts';

const gap = '[ .-]?';

const named: readonly Rule[] = [
  {
    type: 'NHS',
    least: 10,
    shape: String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`,
    check: europe.isNhsNumber,
    labels: ['nhs'],
  },
  {
    type: 'SIN',
    least: 9,
    shape: String.raw`\d{3}[ -]?\d{3}[ -]?\d{3}`,
    check: europe.isSin,
    labels: ['sin'],
  },
  {
    type: 'NIE',
    least: 9,
    shape: String.raw`[XYZ]-?\d{7}[ -]?[A-Z]`,
    check: europe.isSpanishId,
    labels: ['tax'],
    unnamed: 'always',
  },
  {
    type: 'NIF',
    least: 9,
    shape: String.raw`(?:\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-Z]`,
    check: europe.isSpanishId,
    labels: ['tax'],
    unnamed: 'always',
  },
  {
    type: 'CPF',
    least: 11,
    shape: String.raw`\d{3}\.?\d{3}\.?\d{3}[-/]?\d{2}`,
    check: europe.isCpf,
    labels: ['tax'],
    unnamed: 'parted',
  },
  {
    type: 'AADHAAR',
    least: 12,
    shape: String.raw`[2-9]\d{3}([ -]?)\d{4}\1\d{4}`,
    check: passesVerhoeff,
    labels: ['aadhaar'],
    unnamed: 'parted',
  },
  {
    type: 'PAN',
    least: 10,
    shape: String.raw`[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]`,
    labels: ['pan', 'tax'],
    unnamed: 'always',
  },
  {
    type: 'CODICE_FISCALE',
    least: 16,
    shape: String.raw`[A-Z]{3} ?[A-Z]{3} ?[\dLMNP-V]{2}[A-EHLMPR-T][\dLMNP-V]{2} ?[A-Z][\dLMNP-V]{3}[A-Z]`,
    check: europe.isCodiceFiscale,
    labels: ['tax'],
    unnamed: 'always',
  },
];

const national = (
  least: number,
  shape: string,
  check: (compact: string) => boolean,
  unnamed?: Rule['unnamed'],
): Rule => ({
  type: 'NATIONAL_ID',
  least,
  shape,
  check,
  labels: ['tax', 'insurance', 'passport'],
  ...(unnamed !== undefined && { unnamed }),
});

const notIssued = /^(?:BG|GB|NK|KN|TN|NT|ZZ)/;
const hasBirthday = (compact: string): boolean => isDayOfYear(compact.slice(2, 4), compact.slice(0, 2));

const european: readonly Rule[] = [
  national(
    15,
    String.raw`[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d`,
    europe.isNir,
    'always',
  ),
  national(11, String.raw`\d{2} ?\d{3} ?\d{3} ?\d{3}`, passesMod11And10),
  national(12, String.raw`\d{2} ?\d{6} ?[A-Z] ?\d{3}`, europe.isGermanSocialNumber, 'always'),
  national(9, String.raw`[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ\d]{8}\d?`, europe.isMachineReadable),
  national(9, String.raw`\d{9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .]\d{2}[ .]\d{3}`, europe.isBsn),
  national(11, String.raw`\d{2}\.?\d{2}\.?\d{2}[- ]?\d{3}\.?\d{2}`, europe.isBelgianNumber, 'parted'),
  national(11, String.raw`\d{11}`, europe.isPesel),
  national(9, String.raw`\d{3} ?\d{3} ?\d{3}`, europe.isPortugueseTaxNumber),
  national(10, String.raw`(?:19|20)?\d{6}[-+]\d{4}`, europe.isSwedishNumber, 'always'),
  national(10, String.raw`\d{6}-?\d{4}`, hasBirthday),
  national(10, String.raw`\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]`, europe.isFinnishNumber, 'always'),
  national(11, String.raw`\d{6} ?\d{5}`, europe.isNorwegianNumber, 'always'),
  national(13, String.raw`756${gap}\d{4}${gap}\d{4}${gap}\d{2}`, europe.isEan13, 'always'),
  national(
    9,
    String.raw`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]`,
    (compact) => !notIssued.test(compact),
    'always',
  ),
  national(8, String.raw`\d{7} ?[A-W][A-IW]?`, europe.isPps),
  national(13, String.raw`[1-8]\d{12}`, europe.isCnp, 'always'),
  national(10, String.raw`\d{10}`, overseas.isEgn),
];

const others: readonly Rule[] = [
  national(9, String.raw`\d{3} ?\d{3} ?\d{3}`, overseas.isTfn),
  national(10, String.raw`[2-6]\d{3} ?\d{5} ?\d`, overseas.isMedicareNumber),
  national(11, String.raw`[1-9]\d{10}`, overseas.isTckn),
  national(18, String.raw`[1-9]\d{5}(?:18|19|20)\d{9}[\dX]`, overseas.isChineseId, 'always'),
  national(13, String.raw`\d{6}-[1-8]\d{6}`, overseas.isKoreanNumber, 'always'),
  national(9, String.raw`[STFG]\d{7}[A-Z]`, overseas.isNric, 'always'),
  national(8, String.raw`\d{1,2}\.?\d{3}\.?\d{3}-[\dK]`, overseas.isRut, 'parted'),
  national(11, String.raw`2[0347]-?\d{8}-?\d`, overseas.isCuit, 'parted'),
  national(13, String.raw`\d{10}[01]\d{2}`, overseas.isSouthAfricanId, 'always'),
  national(12, String.raw`\d{4} ?\d{4} ?\d{4}`, overseas.isMyNumber),
  national(18, String.raw`[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z\d]\d`, overseas.isCurp, 'always'),
  national(9, String.raw`\d{8}-?\d`, overseas.isTeudatZehut),
];

/** Identifiers with a type of their own. */
export const namedNationalIds = createRuleFinder(named);
/** All others, as NATIONAL_ID. */
export const nationalIds = createRuleFinder([...european, ...others]);
