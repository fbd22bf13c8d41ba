import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonHazard, MAX_JSON_DEPTH } from '../../../lambda/wire/inspect-json.ts';

describe('findJsonHazard', () => {
  it.each([
    ['nothing in a plain body', '{"a":{"b":[1,{"a":2}]},"b":"{\\"a\\":1,\\"a\\":2}"}', undefined],
    ['a key that stands twice', '{"a":1,"b":2,"a":3}', { kind: 'duplicate_key', key: 'a' }],
    ['a key that stands twice below', '[{"x":{"a":1,"a":1}}]', { kind: 'duplicate_key', key: 'a' }],
    ['a key that is escaped the second time', '{"a":1,"\\u0061":2}', { kind: 'duplicate_key', key: 'a' }],
    ['no key in strings that follow each other', '["a","a",{"b":"a"}]', undefined],
  ])('finds %s', (_, text, expected) => {
    expect(findJsonHazard(text)).toEqual(expected);
  });

  it('allows the limit of nesting and not one level more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(findJsonHazard(nested(MAX_JSON_DEPTH))).toBeUndefined();
    expect(findJsonHazard(nested(MAX_JSON_DEPTH + 1))).toEqual({ kind: 'too_deep', limit: MAX_JSON_DEPTH });
  });

  it('finds nothing in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => findJsonHazard(JSON.stringify(value)) === undefined));
  });
});
