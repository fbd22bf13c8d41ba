import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson } from '../../../lambda/wire/edit-json.ts';
import { indexValues } from '../../../lambda/wire/value-text.ts';
import type { JsonPath, JsonValue } from '../../../lambda/wire/json-value.ts';
import { runs } from '../../support/runs.ts';

describe('editJson', () => {
  it.each([
    ['sets a member', '{"a":1,"b":2}', [{ path: ['b'], json: '3' }], '{"a":1,"b":3}'],
    ['sets an element', '[1, [2, 3]]', [{ path: [1, 0], json: '"x"' }], '[1, ["x", 3]]'],
    ['adds a missing member', '{"a":1}', [{ path: ['b'], json: 'true' }], '{"a":1,"b":true}'],
    ['adds to an empty object', '{ }', [{ path: ['b'], json: 'true' }], '{ "b":true}'],
    ['removes the first member', '{"a":null, "b":2}', [{ path: ['a'] }], '{"b":2}'],
    ['removes the last member', '{"a":1, "b":2 }', [{ path: ['b'] }], '{"a":1 }'],
    ['removes the only member', '{"a":1}', [{ path: ['a'] }], '{}'],
    ['removes all members', '{"a":1,"b":2,"c":3}', [{ path: ['a'] }, { path: ['b'] }, { path: ['c'] }], '{}'],
    ['removes neighbours', '{"a":1,"b":2,"c":3}', [{ path: ['b'] }, { path: ['c'] }], '{"a":1}'],
    ['removes and adds', '{"a":1}', [{ path: ['a'] }, { path: ['b'], json: '2' }], '{"b":2}'],
    ['changes both of two equal keys', '{"a":1,"a":2}', [{ path: ['a'], json: '0' }], '{"a":0,"a":0}'],
    ['reads escaped keys', '{"\\u0061":1}', [{ path: ['a'], json: '2' }], '{"\\u0061":2}'],
    ['passes what is not there', '{"a":1}', [{ path: ['x', 'y'], json: '2' }], '{"a":1}'],
    [
      'keeps numbers',
      '{"n":12345678901234567890,"t":"a"}',
      [{ path: ['t'], json: '"b"' }],
      '{"n":12345678901234567890,"t":"b"}',
    ],
    [
      'crosses strings with quotes',
      '{"s":"a\\\\\\"}","t":1}',
      [{ path: ['t'], json: '2' }],
      '{"s":"a\\\\\\"}","t":2}',
    ],
  ] as const)('%s', (_, text, edits, expected) => {
    expect(editJson(text, edits)).toBe(expected);
  });

  it('agrees with JSON.parse for every document and every value in it', () => {
    fc.assert(
      fc.property(anyDocument(), fc.jsonValue(), fc.nat(), (document, replacement, pick) => {
        const text = JSON.stringify(document, undefined, pick % 3);
        const paths = pathsOf(document);
        const path = paths[pick % paths.length] ?? [];
        const edited = editJson(text, [{ path, json: JSON.stringify(replacement) }]);
        expect(JSON.parse(edited)).toEqual(
          withValue(JSON.parse(text), path, JSON.parse(JSON.stringify(replacement))),
        );
      }),
      runs(500),
    );
  });

  it('finds the spelling of every value', () => {
    fc.assert(
      fc.property(anyDocument(), fc.nat(), (document, pick) => {
        const text = JSON.stringify(document, undefined, pick % 3);
        const values = indexValues(text);
        for (const path of pathsOf(document)) {
          const found = values.textOf(path);
          expect(found === undefined ? found : JSON.parse(found)).toEqual(valueAt(JSON.parse(text), path));
        }
      }),
      runs(200),
    );
  });
});

/** Documents without __proto__ keys, which assignment in this test's model can't set. */
function anyDocument() {
  return fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
}

function pathsOf(value: JsonValue, prefix: JsonPath = []): readonly JsonPath[] {
  const below = Array.isArray(value)
    ? value.flatMap((item: JsonValue, index) => pathsOf(item, [...prefix, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => pathsOf(item ?? null, [...prefix, key]))
      : [];
  return [prefix, ...below];
}

function withValue(document: unknown, path: JsonPath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(document))
    return document.map((item: unknown, index) => (index === step ? withValue(item, rest, value) : item));
  return Object.fromEntries(
    Object.entries(asRecord(document)).map(([key, item]) => [
      key,
      key === step ? withValue(item, rest, value) : item,
    ]),
  );
}

function valueAt(document: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => asRecord(value)[step], document);
}

/** A container by its keys or indexes. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
