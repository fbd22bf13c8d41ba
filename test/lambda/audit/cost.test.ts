/** Cost: the provider's word first, then pricing, then none. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../../lambda/audit/cost.ts';

const usage = (input: number, output: number, cached = 0) => ({
  input_tokens: input,
  output_tokens: output,
  cached_tokens: cached,
});
const pricing = { prompt: 2.5, completion: 10 };
const withCache = { ...pricing, cachedPrompt: 1.25 };

describe('the cost of a request', () => {
  it.each([
    ['nothing known', { usage: usage(10, 5) }, [0, 0, 0, 'none']],
    ['pricing', { usage: usage(1000, 200), pricing }, [0.0025, 0.002, 0.0045, 'pricing']],
    [
      'cached tokens with their own price',
      { usage: usage(1000, 0, 400), pricing: withCache },
      [0.002, 0, 0.002, 'pricing'],
    ],
    [
      'cached tokens at the full price',
      { usage: usage(1000, 0, 400), pricing },
      [0.0025, 0, 0.0025, 'pricing'],
    ],
    [
      'more cached tokens than input',
      { usage: usage(100, 0, 400), pricing: withCache },
      [0.000125, 0, 0.000125, 'pricing'],
    ],
    ['binary fractions', { usage: usage(12, 3), pricing }, [0.00003, 0.00003, 0.00006, 'pricing']],
    [
      'reasoning that the output leaves out',
      { usage: { ...usage(0, 100), uncounted_reasoning_tokens: 300 }, pricing },
      [0, 0.004, 0.004, 'pricing'],
    ],
    ['no tokens', { usage: usage(0, 0), pricing }, [0, 0, 0, 'pricing']],
    [
      'a provider without pricing',
      { usage: usage(10, 5), providerCostUsd: 0.00124 },
      [0, 0, 0.00124, 'provider'],
    ],
    [
      'a provider with pricing',
      { usage: usage(1000, 250), pricing, providerCostUsd: 0.01 },
      [0.005, 0.005, 0.01, 'provider'],
    ],
    [
      'a provider that charges nothing',
      { usage: usage(1000, 250), pricing, providerCostUsd: 0 },
      [0, 0, 0, 'provider'],
    ],
    [
      'a provider with pricing of zero',
      { usage: usage(9, 9), pricing: { prompt: 0, completion: 0 }, providerCostUsd: 1 },
      [0, 0, 1, 'provider'],
    ],
    [
      'a cost below zero',
      { usage: usage(1000, 0), pricing, providerCostUsd: -1 },
      [0.0025, 0, 0.0025, 'pricing'],
    ],
    [
      'a cost that is no number',
      { usage: usage(1000, 0), pricing, providerCostUsd: Number.NaN },
      [0.0025, 0, 0.0025, 'pricing'],
    ],
  ] as const)('with %s', (_, question, [input, output, total, source]) => {
    expect(costOf(question)).toEqual({
      cost_input_usd: input,
      cost_output_usd: output,
      cost_usd: total,
      cost_source: source,
    });
  });

  it('is the sum of its parts, whenever pricing gives it', () => {
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    const price = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        price,
        price,
        price,
        (input, output, cached, prompt, completion, cachedPrompt) => {
          const cost = costOf({
            usage: usage(input, output, cached),
            pricing: { prompt, completion, cachedPrompt },
          });
          expect(cost.cost_usd).toBeCloseTo(cost.cost_input_usd + cost.cost_output_usd, 9);
          expect(cost.cost_usd).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
