/** Label words: which word before a number names it. */
import { describe, expect, it } from 'vitest';
import { LABEL_WORDS, type LabelKind } from '../../../../lambda/detectors/pii/label-words.ts';
import { labelsOf } from '../../../../lambda/detectors/pii/labels.ts';

const isNamed = (text: string, kind: LabelKind, reach?: number): boolean =>
  labelsOf(text).isNamed(kind, text.length, reach);

describe('a label', () => {
  it.each([
    ['my SSN is ', 'ssn'],
    ['social security number: ', 'ssn'],
    ['ssn_number=', 'ssn'],
    ['phoneNumber: ', 'phone'],
    ['Numéro de téléphone : ', 'phone'],
    ['Führerschein Nr. ', 'license'],
    ["driver's license ", 'license'],
    ['tarjeta de crédito: ', 'card'],
    ['código de seguridad ', 'cvv'],
    ['número de contribuinte ', 'tax'],
    ['carta di credito ', 'card'],
    ['CVV2 ', 'cvv'],
    ['Ablaufdatum ', 'expiry'],
  ] as const)('%j names what follows', (text, kind) => {
    expect(isNamed(text, kind)).toBe(true);
  });

  it.each([
    ['nothing to see ', 'ssn'],
    ['SSN is not what the order number that I gave you ', 'ssn'],
    ['phone one two three four five six seven eight nine ', 'phone'],
    ['antisocial ', 'ssn'],
  ] as const)('%j does not', (text, kind) => {
    expect(isNamed(text, kind)).toBe(false);
  });

  it('reaches as far as it may', () => {
    expect(isNamed('phone that I use ', 'phone', 3)).toBe(true);
    expect(isNamed('phone that I use ', 'phone', 2)).toBe(false);
  });

  it('shares a number with another label that stands close', () => {
    expect(isNamed('phone or SSN ', 'phone')).toBe(true);
    expect(isNamed('phone or SSN ', 'ssn')).toBe(true);
  });

  it('is written in small letters without accents, once', () => {
    const phrases = LABEL_WORDS.flatMap(([, list]) => list.split(','));
    expect(phrases.filter((phrase) => !/^[a-z\d]+(?: [a-z\d]+){0,3}$/.test(phrase))).toEqual([]);
    expect(phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index)).toEqual([]);
  });
});
