/** The small parts: nearest words, shown values, canonical JSON, trees, local environment, withdrawn models. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lambda/config/canonical-json.ts';
import { joinWords } from '../../../lambda/config/field-notes.ts';
import {
  readLocalEnvironment,
  readLocalSecret,
  secretVariable,
} from '../../../lambda/config/local-environment.ts';
import { nearest } from '../../../lambda/config/nearest.ts';
import { formatPath, looksSecret, showText, showValue } from '../../../lambda/config/show.ts';
import { mergeValues, valueAt } from '../../../lambda/config/tree.ts';
import { findWithdrawal } from '../../../lambda/config/withdrawn-models.ts';

describe('the nearest word', () => {
  const words = ['base_url', 'timeout_seconds', 'stream_timeout_seconds', 'id', 'model'];
  it.each([
    ['base_ulr', 'base_url'],
    ['baseURL', 'base_url'],
    ['base-url', 'base_url'],
    ['timeoutSeconds', 'timeout_seconds'],
    ['stream_timeout', undefined],
    ['modle', 'model'],
    ['xq', undefined],
    ['', undefined],
    ['entirely_different', undefined],
    ['m'.repeat(1_000_000), undefined],
  ])('%s means %s', (written, expected) => {
    expect(nearest(written, words)).toBe(expected);
  });

  it('finds each word from itself', () => {
    for (const word of words.filter(({ length }) => length > 2)) expect(nearest(word, words)).toBe(word);
  });
});

describe('a shown value', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'an empty value'],
    ['x', 'the text "x"'],
    ['two\nlines', 'the text "two\\nlines"'],
    [0.8, 'the number 0.8'],
    [true, 'true'],
    [[], 'an empty list'],
    [[1, 2], 'a list of 2'],
    [{}, 'an empty mapping'],
    [{ a: 1 }, 'a mapping'],
  ])('%j is %s', (value, words) => {
    expect(showValue(value, ['pack', 'name'])).toBe(words);
  });

  it.each([
    [['secret_key_ref', 'env']],
    [['when', 'header', 'x-a']],
    [['api_key']],
    [['access-token']],
    [['password']],
  ])('at %j is not shown', (path) => {
    expect(showValue('visible', path)).toBe('a value that is not shown');
  });

  it('is cut when it is long', () => {
    expect(showText('long words '.repeat(50)).length).toBeLessThan(80);
  });

  it.each([
    ['sk-proj-abcdefgh12345678', true],
    ['eyJhbGciOiJIUzI1NiJ9.e30', true],
    ['AKIAIOSFODNN7EXAMPLE', true],
    ['Bearer abc', true],
    ['postgres://user:pw@host/db', true],
    ['0123456789abcdef0123456789abcdef', true],
    ['meta-llama/Llama-3.3-70B-Instruct-Turbo', false],
    ['claude-3-5-sonnet-20241022', false],
    ['https://api.aimlapi.com/v1', false],
    ['stream_timeout_seconds', false],
  ])('%s looks like a secret: %s', (text, expected) => {
    expect(looksSecret(text)).toBe(expected);
  });

  it.each([
    [[], ''],
    [['providers', 'targets', 0, 'base_url'], 'providers.targets[0].base_url'],
    [['policy', 'pii-detector'], 'policy.pii-detector'],
    [['a b', 'c'], '["a b"].c'],
    [['ab '.repeat(30)], `["${'ab '.repeat(20)}…"]`],
  ])('path %j is %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null] }, '{"a":[true,null],"b":1}'],
    [{ a: undefined, b: '' }, '{"b":""}'],
    [{ '\u20ac': 1, '\r': 2, '\ud83d\ude00': 3, 1: 4 }, '{"\\r":2,"1":4,"€":1,"😀":3}'],
    [1e21, '1e+21'],
    ['\u0007"\\', '"\\u0007\\"\\\\"'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(record));
      }),
    );
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('trees', () => {
  it.each([
    [{ a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { c: 1, d: 2 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: { b: 1 } }, { a: null }, { a: null }],
    [{ a: 1 }, 5, 5],
  ])('%j under %j is %j', (earlier, later, merged) => {
    expect(mergeValues(earlier, later)).toEqual(merged);
  });

  it.each([
    [['a', 0, 'b'], 1],
    [['a', 1], undefined],
    [['a', 'length'], undefined],
    [['toString'], undefined],
  ])('holds at %j: %j', (path, value) => {
    expect(valueAt({ a: [{ b: 1 }] }, path)).toBe(value);
  });

  it('joins words as people do', () => {
    expect([joinWords([]), joinWords(['a']), joinWords(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b or c']);
  });
});

describe('the environment of a local run', () => {
  it('has defaults, and takes blank variables for absent ones', () => {
    expect(readLocalEnvironment({ KEEPTRUSTS_GATEWAY_ID: '' })).toEqual({
      gatewayId: 'local',
      environment: 'local',
    });
  });

  it('is named by variables', () => {
    const variables = {
      KEEPTRUSTS_GATEWAY_ID: 'desk',
      KEEPTRUSTS_ENVIRONMENT: 'test',
      KEEPTRUSTS_DIGEST_KEY: 'k',
    };
    expect(readLocalEnvironment(variables)).toEqual({
      gatewayId: 'desk',
      environment: 'test',
      digestKey: 'k',
    });
  });

  it.each([
    [{ env: 'AIMLAPI_KEY' }, 'AIMLAPI_KEY'],
    [{ store: 'openai-prod.key' }, 'OPENAI_PROD_KEY'],
  ])('finds the secret %j in %s', (secret, variable) => {
    expect(secretVariable(secret)).toBe(variable);
    expect(readLocalSecret(secret, { [variable]: ' value\n' })).toBe('value');
    expect(readLocalSecret(secret, { [variable]: ' ' })).toBeUndefined();
    expect(readLocalSecret(secret, {})).toBeUndefined();
  });
});

describe('withdrawn models', () => {
  it.each([
    ['claude-3-5-sonnet-20241022', { replacement: 'anthropic/claude-sonnet-4.6' }],
    ['anthropic/claude-3-5-sonnet-20241022', { replacement: 'anthropic/claude-sonnet-4.6' }],
    ['x-ai/grok-beta', {}],
    ['openai/gpt-4o', undefined],
    ['my/gemini-2.0-flash', undefined],
  ])('%s: %j', (model, withdrawal) => {
    expect(findWithdrawal(model)).toEqual(withdrawal);
  });
});
