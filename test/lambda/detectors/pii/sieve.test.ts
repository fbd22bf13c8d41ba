import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOT_BEFORE } from '../../../../lambda/detectors/pii/candidate.ts';
import { parseShape } from '../../../../lambda/detectors/pii/sieve/parse-shape.ts';
import { createSieve, MOST_SHAPES } from '../../../../lambda/detectors/pii/sieve/sieve.ts';

const SHAPES = [
  String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`,
  String.raw`(?:\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-Z]`,
  String.raw`[2-9]\d{3}([ -]?)\d{4}\1\d{4}`,
  String.raw`(?:19|20)?\d{6}[-+]\d{4}`,
  String.raw`[AB]|C{2,3}|\w\+?`,
  String.raw`[\dX-Z-]{1,2} ?\d`,
];

describe('a sieve', () => {
  it.each([
    ['lets through every shape that a regular expression finds', 'ABCXYZab0123456789 -.+/_\u00e9', false],
    [
      'lets through no other, references to groups and letters beyond ASCII aside',
      'ABCXYZab0123456789 -.+/_',
      true,
    ],
  ])('%s', (_, signs, isExact) => {
    const shapes = isExact ? SHAPES.filter((shape) => !shape.includes('\\1')) : SHAPES;
    const sieve = createSieve(shapes);
    const expressions = shapes.map((shape) => new RegExp(`(?:${shape})${NOT_BEFORE}`, 'y'));
    const texts = fc.array(fc.constantFrom(...signs.split('')), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (characters) => {
        const text = characters.join('');
        for (let start = 0; start <= text.length; start++) {
          let found = 0;
          for (const [number, expression] of expressions.entries()) {
            expression.lastIndex = start;
            if (expression.test(text)) found |= 1 << number;
          }
          const through = sieve.at(text, start);
          expect(isExact ? through : through & found).toBe(found);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes on to know shapes after it has forgotten what it knew', () => {
    // Each text leads to states of its own: far more than are kept.
    const sieve = createSieve([String.raw`(?:[AB]{0,12}C|[AB]{0,11}D[AB]{0,11}){1,2}E`]);
    for (let number = 0; number < 20_000; number++) {
      const text = number.toString(2).replaceAll('0', 'A').replaceAll('1', 'B');
      expect(sieve.at(`${text.slice(-11)}CE`, 0)).toBe(1);
    }
    expect(sieve.at('ABABXE', 0)).toBe(0);
  });

  it(`has at most ${MOST_SHAPES} shapes`, () => {
    expect(() => createSieve(Array.from({ length: MOST_SHAPES + 1 }, () => 'A'))).toThrow(/at most/);
  });

  it.each(['a(?=b)', '(?<!a)b', 'a*', 'a+', 'a.b', '^a', 'a$', '[^a]', '[a', '(a', 'a{x}', 'a)'])(
    'does not read %s',
    (source) => {
      expect(() => parseShape(source)).toThrow(TypeError);
    },
  );
});
