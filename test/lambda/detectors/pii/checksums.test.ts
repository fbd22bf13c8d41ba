/** Check digits: published examples pass, and a changed digit does not. */
import { describe, expect, it } from 'vitest';
import {
  passesLuhn,
  passesMod11And10,
  passesMod97,
  passesVerhoeff,
  remainderBy97,
} from '../../../../lambda/detectors/pii/checksums.ts';
import * as europe from '../../../../lambda/detectors/pii/entities/national-checks.ts';
import * as overseas from '../../../../lambda/detectors/pii/entities/national-checks-overseas.ts';

type Check = (compact: string) => boolean;

const examples: readonly (readonly [string, Check, string])[] = [
  ['Luhn', passesLuhn, '4111111111111111'],
  ['MOD 97', passesMod97, 'DE89370400440532013000'],
  ['MOD 11,10', passesMod11And10, '36574261809'],
  ['Verhoeff', passesVerhoeff, '234123412346'],
  ['NHS number', europe.isNhsNumber, '9434765919'],
  ['Canadian SIN', europe.isSin, '130692544'],
  ['Spanish NIF', europe.isSpanishId, '12345678Z'],
  ['Spanish NIE', europe.isSpanishId, 'X1234567L'],
  ['Brazilian CPF', europe.isCpf, '52998224725'],
  ['codice fiscale', europe.isCodiceFiscale, 'RSSMRA85T10A562S'],
  ['French NIR', europe.isNir, '255081416802538'],
  ['German pension number', europe.isGermanSocialNumber, '15070649C103'],
  ['Dutch BSN', europe.isBsn, '111222333'],
  ['Belgian number', europe.isBelgianNumber, '85073003328'],
  ['PESEL', europe.isPesel, '44051401359'],
  ['Portuguese NIF', europe.isPortugueseTaxNumber, '123456789'],
  ['Swedish number', europe.isSwedishNumber, '8112189876'],
  ['Finnish number', europe.isFinnishNumber, '131052308T'],
  ['Norwegian number', europe.isNorwegianNumber, '15021951940'],
  ['EAN-13', europe.isEan13, '7569217076985'],
  ['Irish PPS', europe.isPps, '1234567T'],
  ['Romanian CNP', europe.isCnp, '1800101221144'],
  ['Australian TFN', overseas.isTfn, '123456782'],
  ['Australian Medicare', overseas.isMedicareNumber, '2123456701'],
  ['Turkish TCKN', overseas.isTckn, '10000000146'],
  ['Chinese identity number', overseas.isChineseId, '11010519491231002X'],
  ['Singaporean NRIC', overseas.isNric, 'S1234567D'],
  ['Chilean RUT', overseas.isRut, '123456785'],
  ['Argentine CUIT', overseas.isCuit, '20123456786'],
  ['South African identity number', overseas.isSouthAfricanId, '8001015009087'],
  ['Japanese individual number', overseas.isMyNumber, '123456789018'],
  ['Mexican CURP', overseas.isCurp, 'HEGG560427MVZRRL04'],
  ['Israeli identity number', overseas.isTeudatZehut, '123456782'],
  ['Bulgarian EGN', overseas.isEgn, '7523169263'],
];

const lastDigitChanged = (text: string): string => {
  const place = text.search(/\d(?=\D*$)/);
  return text.slice(0, place) + String((Number(text[place]) + 1) % 10) + text.slice(place + 1);
};

describe('a check', () => {
  it.each(examples)('%s accepts a published example', (_, check, example) => {
    expect(check(example)).toBe(true);
  });

  /** Medicare's tenth digit counts the cards issued and is outside of the check. */
  const checkedToTheEnd = examples.filter(([name]) => name !== 'Australian Medicare');

  it.each(checkedToTheEnd)('%s refuses the example with its last digit changed', (_, check, example) => {
    expect(check(lastDigitChanged(example))).toBe(false);
  });

  it.each([
    ['NHS number', europe.isNhsNumber, '0000000000'],
    ['CPF', europe.isCpf, '11111111111'],
    ['BSN', europe.isBsn, '000000000'],
    ['Norwegian number without a date', europe.isNorwegianNumber, '99021951940'],
    ['Chinese number without a date', overseas.isChineseId, '11010519491331002X'],
    ['Singaporean number of an unknown series', overseas.isNric, 'X1234567D'],
  ] as const)('%s refuses what only computes', (_, check, text) => {
    expect(check(text)).toBe(false);
  });

  it('takes the remainder by 97 of any length', () => {
    expect(remainderBy97('3214282912345698765432161182')).toBe(1);
    expect(remainderBy97('')).toBe(0);
  });

  it('of Verhoeff finds every transposition of neighbours', () => {
    const valid = '234123412346';
    for (let place = 0; place < valid.length - 1; place++) {
      const swapped =
        valid.slice(0, place) + (valid[place + 1] ?? '') + (valid[place] ?? '') + valid.slice(place + 2);
      expect(swapped === valid || !passesVerhoeff(swapped)).toBe(true);
    }
  });
});
