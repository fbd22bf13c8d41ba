import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonHazard } from '../../../lambda/wire/inspect-json.ts';
import { readDocument } from '../../../lambda/wire/read-document.ts';
import { withSingleKeys } from '../../../lambda/wire/single-keys.ts';
import { runs } from '../../support/runs.ts';

describe('withSingleKeys', () => {
  it.each([
    ['keeps what has none twice', '{"a":1,"b":{"a":2}}', '{"a":1,"b":{"a":2}}'],
    ['keeps the last one', '{"a":1,"b":2,"a":3}', '{"b":2,"a":3}'],
    ['keeps the last of three, and the space', '{ "a":1, "a":2 , "a":3 }', '{ "a":3 }'],
    ['reads escapes', '{"a":1,"\\u0061":2}', '{"\\u0061":2}'],
    ['looks into what stays', '[{"x":{"a":[{}],"a":"\\"}"},"y":1}]', '[{"x":{"a":"\\"}"},"y":1}]'],
    ['needs not look into what goes', '{"x":{"a":1,"a":2},"x":{"b":1,"b":2}}', '{"x":{"b":2}}'],
    ['tells objects of a list apart', '[{"a":1},{"a":2}]', '[{"a":1},{"a":2}]'],
  ])('%s', (_, text, expected) => {
    expect(withSingleKeys(text)).toBe(expected);
  });

  it('leaves no key twice and changes nothing for JSON.parse', () => {
    const json = fc.letrec((tie) => ({
      key: fc.constantFrom('"a"', '"b"', '"\\u0061"', '"c d"'),
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('1', '"x"', '"a\\"b"', 'null', '-1.50e2', '[]', '{}'),
        fc.array(tie('value')).map((items) => `[${items.join(' ,')}]`),
        fc
          .array(fc.tuple(tie('key'), tie('value')))
          .map((members) => `{${members.map((pair) => pair.join(': ')).join(', ')}}`),
      ),
    })).value;
    fc.assert(
      fc.property(json, (text) => {
        const single = withSingleKeys(text);
        expect(JSON.parse(single)).toEqual(JSON.parse(text));
        expect(findJsonHazard(single)).toBeUndefined();
      }),
      runs(800),
    );
  });
});

describe('readDocument', () => {
  it.each([
    ['no JSON', 'oops'],
    ['a list', '[1]'],
    ['a string', '"x"'],
    ['nothing', ''],
    ['what is nested too deep', `{"a":${'['.repeat(120)}${']'.repeat(120)}}`],
  ])('refuses %s', (_, text) => {
    expect(readDocument(text)).toBeUndefined();
  });

  it('reads an object with its own text, or with that of the keys that count', () => {
    expect(readDocument('{ "a": 1 }')).toEqual({ text: '{ "a": 1 }', data: { a: 1 } });
    expect(readDocument('{"a":1,"a":2}')).toEqual({ text: '{"a":2}', data: { a: 2 } });
  });
});
