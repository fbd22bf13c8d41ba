/** The workload of the measurements is what the table says it is. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../lambda/config/load.ts';
import { quantile } from '../../bench/load.ts';
import { answerTokens, bodyFor, policyConfig, proseOf } from '../../bench/workload.ts';

describe('the workload', () => {
  it.each([1, 300, 10_000])('has prose of exactly %i characters', (length) => {
    expect(proseOf(length)).toHaveLength(length);
  });

  it('asks with a prompt of 300 characters', () => {
    expect(JSON.parse(bodyFor('m', true))).toEqual({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: proseOf(300) }],
    });
  });

  it('answers in words, each with its space', () => {
    const tokens = answerTokens(200);
    expect(tokens).toHaveLength(200);
    expect(tokens.every((token) => /^ \S+$/.test(token))).toBe(true);
  });

  it('runs the four policies of the page, all enforced', () => {
    const loaded = loadConfig([{ path: 'bench.yaml', text: policyConfig('http://127.0.0.1:9/v1') }]);
    expect(loaded.ok && loaded.config.chain.map(({ kind, mode }) => [kind, mode])).toEqual([
      ['prompt-injection', 'enforce'],
      ['pii-detector', 'enforce'],
      ['safety-filter', 'enforce'],
      ['audit-logger', 'enforce'],
    ]);
  });
});

describe('quantile', () => {
  it.each([
    [0.5, 3],
    [0.99, 5],
    [0, 1],
    [1, 5],
  ])('%d of 1 to 5 is %i', (share, value) => {
    expect(quantile([5, 1, 4, 2, 3], share)).toBe(value);
  });
});
