/** Canonical JSON against the vectors of RFC 8785 and against the laws that follow from it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, mended } from '../../../lambda/config/canonical-json.ts';

describe('canonical JSON', () => {
  /** RFC 8785, section 3.2.2 and appendix B. */
  it.each([
    ['zero', 0, '0'],
    ['minus zero', -0, '0'],
    ['the smallest number', 5e-324, '5e-324'],
    ['the largest number', 1.7976931348623157e308, '1.7976931348623157e+308'],
    ['2^53', 9007199254740992, '9007199254740992'],
    ['2^68', 295147905179352830000, '295147905179352830000'],
    ['the largest without exponent', 999999999999999900000, '999999999999999900000'],
    ['the first with exponent', 1e21, '1e+21'],
    ['the smallest without exponent', 0.000001, '0.000001'],
    ['a third', 333333333.3333333, '333333333.3333333'],
    ['a small one', 9.999999999999997e-7, '9.999999999999997e-7'],
    ['trailing zeros', 4.5, '4.5'],
    ['the euro sign', '\u20ac', '"€"'],
    ['controls', '\u000f\n\b\t\f\r', String.raw`"\u000f\n\b\t\f\r"`],
    ['quotes and slashes', '"\\/', String.raw`"\"\\/"`],
    ['a character beyond the BMP', '😂', '"😂"'],
    ['delete and the line separator', '\u007f\u2028', '"\u007f\u2028"'],
    ['true', true, 'true'],
    ['null', null, 'null'],
    ['the empty object', {}, '{}'],
    ['the empty array', [], '[]'],
    ['a field that is undefined', { a: undefined, b: 1 }, '{"b":1}'],
    ['an item that is undefined', [undefined], '[null]'],
    ['an item that is missing', { b: Array(2), a: 1 }, '{"a":1,"b":[null,null]}'],
    ['keys that look like numbers', { 9: 1, 10: 2 }, '{"10":2,"9":1}'],
  ])('spells %s as the RFC says', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  /** RFC 8785, section 3.2.3. */
  it('sorts keys by UTF-16 code units', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect([...canonicalJson(value).matchAll(/:"(\w+)/g)].map(([, word]) => word)).toEqual([
      'Carriage',
      'One',
      'Control',
      'Latin',
      'Euro',
      'Emoji',
      'Hebrew',
    ]);
  });

  it.each([
    ['a lone surrogate', '\ud83d'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a bigint', 1n],
    ['a function', () => 1],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('leaves out what is undefined, wherever it stands', () => {
    const objects = [{ a: 1, c: 2, b: 3 }, { a: 1, b: 2, c: 3 }, { a: 1 }, { a: 1, c: undefined, b: 3 }];
    expect(canonicalJson(objects)).toBe('[{"a":1,"b":3,"c":2},{"a":1,"b":2,"c":3},{"a":1},{"a":1,"b":3}]');
  });

  it('means the same as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sorts what stands in no order within what does', () => {
    const value = {
      a: [
        { b: 1, c: 2 },
        { c: 3, b: { y: null, x: 'ä' } },
      ],
      b: true,
    };
    expect(canonicalJson(value)).toBe('{"a":[{"b":1,"c":2},{"b":{"x":"ä","y":null},"c":3}],"b":true}');
  });

  it('takes what looks like an escaped surrogate for the text that it is', () => {
    expect(canonicalJson({ a: String.raw`\ud800` })).toBe(String.raw`{"a":"\\ud800"}`);
  });

  it('asks no object how it would like to be written', () => {
    const dated = { a: new Date(0), b: { toJSON: 'a word' } };
    expect(canonicalJson(dated)).toBe('{"a":{},"b":{"toJSON":"a word"}}');
  });

  it('is the same for every order of the keys', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.integer()), {
      selector: ([key]) => key,
      maxLength: 12,
    });
    fc.assert(
      fc.property(entries, (pairs) => {
        const there = canonicalJson(Object.fromEntries(pairs));
        expect(canonicalJson(Object.fromEntries(pairs.toReversed()))).toBe(there);
      }),
    );
  });
});

describe('a mended value', () => {
  it('has U+FFFD for lone surrogates and null for numbers that are none', () => {
    const value = { 'k\ud800': ['\udfffx', Number.NaN, 1, null, true], nested: { text: 'a😂b' } };
    expect(mended(value)).toEqual({ 'k\ufffd': ['\ufffdx', null, 1, null, true], nested: { text: 'a😂b' } });
  });

  it('is always canonical', () => {
    const anything = fc.object({
      values: [fc.string({ unit: 'binary' }), fc.double(), fc.string().map((text) => `${text}\ud83d`)],
    });
    fc.assert(
      fc.property(anything, (value) => {
        const text = canonicalJson(mended(value));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
