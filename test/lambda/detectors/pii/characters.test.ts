/** Characters: what a unit stands for, how it is classed, and the way back from the shadow to the source. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASCII_CLASS,
  BREAK,
  DIGIT,
  foldAt,
  foreignClassAt,
  IGNORE,
  LOWER,
  SEPARATOR,
  SPACE,
} from '../../../../lambda/detectors/pii/characters.ts';
import { shadowOf, sourceRange } from '../../../../lambda/detectors/pii/shadow.ts';

describe('a character', () => {
  it.each([
    ['a full-width letter', '\uff21', 'A'],
    ['a full-width sign', '\uff20', '@'],
    ['an Arabic digit', '\u0663', '3'],
    ['a Devanagari digit', '\u096a', '4'],
    ['a mathematical digit', '\u{1d7da}', '2'],
    ['a bold mathematical letter', '\u{1d41a}', 'a'],
    ['a non-breaking hyphen', '\u2011', '-'],
    ['a no-break space', '\u00a0', ' '],
    ['an ideographic full stop', '\u3002', '.'],
    ['a zero-width space', '\u200b', ''],
    ['a soft hyphen', '\u00ad', ''],
    ['a tag', '\u{e0041}', ''],
    ['an accented letter', 'é', 'é'],
    ['a plain letter', 'a', 'a'],
  ])('%s stands for its plain form', (_, character, plain) => {
    expect(foldAt(character, 0)).toBe(plain);
  });

  it.each([
    ['é', LOWER],
    ['д', LOWER],
    ['٣', DIGIT],
    ['–', SEPARATOR],
    ['\u3000', SPACE],
    ['\u2060', IGNORE],
    ['価', BREAK],
    ['한', BREAK],
    ['“', BREAK],
    ['🙂', BREAK],
    ['\ud83d', BREAK],
    ['\udc00', IGNORE],
    ['«', BREAK],
  ])('%j has its class', (character, kind) => {
    expect(foreignClassAt(character, 0)).toBe(kind);
  });

  it('has a class for every ASCII sign, and control characters break', () => {
    expect(ASCII_CLASS).toHaveLength(128);
    expect(ASCII_CLASS[0]).toBe(BREAK);
    expect(ASCII_CLASS[127]).toBe(BREAK);
  });
});

describe('the shadow', () => {
  it('maps its ranges to the source, pairs whole', () => {
    const source = '\u200b1\u200b\u{1d7da}3';
    const shadow = shadowOf(source);
    expect(shadow.text).toBe('123');
    expect(sourceRange(shadow, source, 0, 3)).toEqual([1, 6]);
    expect(sourceRange(shadow, source, 1, 2)).toEqual([3, 5]);
  });

  it('never grows, and folds the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        const { text } = shadowOf(source);
        expect(text.length).toBeLessThanOrEqual(source.length);
        expect(shadowOf(text).text.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
