import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWords } from '../../../../lambda/detectors/pii/words.ts';

const allOf = (text: string): readonly string[] => {
  const { count, textOf } = readWords(text);
  return Array.from({ length: count }, (_, place) => textOf(place));
};

describe('the words of a text', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['small letters', 'Card Number:', ['card', 'number']],
    ['camel case', 'socialSecurityNumber XMLName', ['social', 'security', 'number', 'xmlname']],
    ['accents, whole and composed', 'numéro nume\u0301ro', ['numero', 'numero']],
    ['a lone digit behind a word', 'cvv2 a12 b3c', ['cvv2', 'a', 'b', 'c']],
    ['letters of other scripts', 'aßb', ['a', 'b']],
  ])('are read with %s', (_, text, words) => {
    expect(allOf(text)).toEqual(words);
  });

  it('of any stretch are those of the stretch by itself', () => {
    const bit = fc.constantFrom(
      'tel',
      'Card',
      'fooBar',
      'é',
      'e\u0301',
      'A',
      '1',
      '12',
      ' ',
      ' ',
      '-',
      ': ',
      '\u212a',
    );
    const texts = fc.array(bit, { minLength: 1, maxLength: 30 }).map((bits) => bits.join(''));
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, one, other) => {
        const [start = 0, end = 0] = [one % (text.length + 1), other % (text.length + 1)].toSorted(
          (a, b) => a - b,
        );
        const { before, textOf } = readWords(text);
        const { first, count, cut } = before(start, end);
        const words =
          cut ?? Array.from({ length: Math.max(0, count - first) }, (_, at) => textOf(first + at));
        expect(words).toEqual(allOf(text.slice(start, end)));
      }),
      { numRuns: 2000 },
    );
  });
});
