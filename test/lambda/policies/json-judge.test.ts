import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeJson } from '../../../lambda/policies/json-judge.ts';
import { wordJudge } from './toy-policies.ts';
import { runs } from '../../support/runs.ts';

const TABLE: Readonly<Record<string, string>> = { secret: '[X]', alpha: '"quoted"\\', '41111': '[CARD]' };
const replace = (word: string) => (Object.hasOwn(TABLE, word) ? TABLE[word] : undefined);

function judge(parts: readonly string[]): string {
  const json = judgeJson(() => wordJudge(replace));
  return [...parts.flatMap((part) => json.push(part).pieces), ...json.end().pieces]
    .map(({ text }) => text)
    .join('');
}

describe('judgeJson', () => {
  it.each([
    ['a value', '{"a": "my secret"}', '{"a": "my [X]"}'],
    ['a key', '{"secret": 1}', '{"[X]": 1}'],
    ['a number, which becomes a string', '{"card": 41111}', '{"card": "[CARD]"}'],
    ['a number in a list', '[1,41111,2]', '[1,"[CARD]",2]'],
    ['an escaped spelling', '{"a":"s\\u0065cret"}', '{"a":"[X]"}'],
    ['a replacement that needs escapes', '{"a":"alpha"}', '{"a":"\\"quoted\\"\\\\"}'],
    ['all of a negative number', '{"n": -41111 }', '{"n": "-[CARD]" }'],
    ['all of a number alone', ' 41111\n', ' "[CARD]"\n'],
    ['text that is no JSON', 'the secret is out', 'the [X] is out'],
    ['a word that is no JSON', "{'a': 'my secret: x'}", "{'a': 'my [X]: x'}"],
  ])('replaces %s', (_, text, expected) => {
    expect(judge([text])).toBe(expected);
  });

  it.each([
    ['escapes', '{"a":"\\u00e9\\n\\/ \\ud83d\\ude00 \\"x\\""}'],
    ['numbers of any size', '{ "n" : 123456789012345678901234567890.50e+3 , "t" : true,"z":null}'],
    ['an unfinished escape', '{"a":"x\\u00'],
    ['an escape that is none', '{"a":"\\x"}'],
    ['an unfinished string', '{"a":"half'],
  ])('keeps the exact spelling of %s', (_, text) => {
    expect(judge([text])).toBe(text);
    expect(judge(text.split(''))).toBe(text);
  });

  it('tells each value the key that names it, lists included', () => {
    const keys: (string | undefined)[] = [];
    const json = judgeJson((key) => {
      keys.push(key);
      return wordJudge(replace);
    });
    json.push('{"ssn":"1","list":["2","3"],"a":{"b":4},"c');
    json.push('":"5"} "6"');
    expect(keys).toEqual([
      undefined,
      'ssn',
      'ssn',
      'list',
      'list',
      'list',
      'a',
      'b',
      undefined,
      'c',
      undefined,
    ]);
  });

  it('gives the same at every split, and valid JSON for valid JSON', () => {
    const value = fc.letrec((tie) => ({
      string: fc
        .array(fc.constantFrom('secret', 'alpha', ' ', 'é', '"', '\\', '\n', '😀', 'x'), { maxLength: 6 })
        .map((words) => words.join('')),
      value: fc.oneof(
        { depthSize: 'small' },
        tie('string'),
        fc.constantFrom(41111, 12, -3.5, true, null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'secret', 'b c'), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    const spelled = fc.tuple(value, fc.boolean()).map(([data, escapes]) => {
      const text = JSON.stringify(data);
      return escapes ? text.replaceAll('e', '\\u0065').replaceAll('tru\\u0065', 'true') : text;
    });
    fc.assert(
      fc.property(spelled, fc.array(fc.nat({ max: 400 })), (text, cuts) => {
        const whole = judge([text]);
        expect(() => void JSON.parse(whole)).not.toThrow();
        expect(judge(text.split(''))).toBe(whole);
        const borders = cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b);
        const parts = [...borders, text.length].map((end, at) => text.slice(borders[at - 1] ?? 0, end));
        expect(judge(parts)).toBe(whole);
        expect(whole).not.toMatch(/\bsecret\b/);
      }),
      runs(2500),
    );
  });
});
