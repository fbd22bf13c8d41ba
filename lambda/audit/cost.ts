/** What a request cost: by the provider's own word, else by the target's pricing. */
import type { Pricing } from '../config/gateway-config.ts';

/** What the cost follows from. */
export interface CostQuestion {
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    /** Part of the input tokens. */
    readonly cached_tokens: number;
    /** Thinking that is no part of the output tokens, and is priced like them. Default 0. */
    readonly uncounted_reasoning_tokens?: number;
  };
  /** USD per 1,000,000 tokens. */
  readonly pricing?: Pricing | undefined;
  /** The whole request's, where the provider sent it. */
  readonly providerCostUsd?: number | undefined;
}

/** The cost fields of a decision event. */
export interface Cost {
  readonly cost_input_usd: number;
  readonly cost_output_usd: number;
  readonly cost_usd: number;
  readonly cost_source: 'provider' | 'pricing' | 'none';
}

/**
 * A provider names one sum; it is shared out in the proportion that the pricing gives. Without pricing the shares
 * are not known and stay zero.
 */
export function costOf({ usage, pricing, providerCostUsd }: CostQuestion): Cost {
  const priced = pricing === undefined ? undefined : pricedShares(usage, pricing);
  if (providerCostUsd !== undefined && Number.isFinite(providerCostUsd) && providerCostUsd >= 0) {
    const sum = priced === undefined ? 0 : priced.input + priced.output;
    const scale = sum > 0 ? providerCostUsd / sum : 0;
    return cost((priced?.input ?? 0) * scale, (priced?.output ?? 0) * scale, providerCostUsd, 'provider');
  }
  if (priced === undefined) return cost(0, 0, 0, 'none');
  return cost(priced.input, priced.output, priced.input + priced.output, 'pricing');
}

function pricedShares(usage: CostQuestion['usage'], pricing: Pricing) {
  const cached = Math.min(usage.cached_tokens, usage.input_tokens);
  const fresh = usage.input_tokens - cached;
  return {
    input: (fresh * pricing.prompt + cached * (pricing.cachedPrompt ?? pricing.prompt)) / 1_000_000,
    output:
      ((usage.output_tokens + (usage.uncounted_reasoning_tokens ?? 0)) * pricing.completion) / 1_000_000,
  };
}

function cost(input: number, output: number, total: number, source: Cost['cost_source']): Cost {
  return {
    cost_input_usd: tidy(input),
    cost_output_usd: tidy(output),
    cost_usd: tidy(total),
    cost_source: source,
  };
}

/** To a millionth of a micro-dollar: what lies beyond is the noise of binary fractions. */
function tidy(usd: number): number {
  return usd === 0 ? 0 : Number(usd.toFixed(12));
}
