/** The strategies that follow figures: lowest_latency, highest_throughput, lowest_cost, least_busy. */
import type { Target } from '../../config/gateway-config.ts';
import type { TargetFigures } from '../statistics.ts';
import { byFigure, type OrderTargets, type StrategyInput } from './strategy.ts';

/** Completion tokens that a request without max_tokens is reckoned to cost. */
export const ASSUMED_COMPLETION_TOKENS = 512;

/** Lowest mean time to first token over the window. */
export const lowestLatency: OrderTargets = (input) => byMeasure(input, ({ ttftMs }) => ttftMs);

/** Most completion tokens per second over the window. */
export const highestThroughput: OrderTargets = (input) =>
  byMeasure(input, ({ tokensPerSecond }) => (tokensPerSecond === undefined ? undefined : -tokensPerSecond));

/** Cheapest for a request of this size; targets without a price last. */
export const lowestCost: OrderTargets = ({ targets, promptTokens, maxTokens }) =>
  byFigure(targets, ({ pricing }) => {
    if (pricing === undefined) return Infinity;
    return promptTokens * pricing.prompt + (maxTokens ?? ASSUMED_COMPLETION_TOKENS) * pricing.completion;
  });

/** Fewest requests in flight; among equals by chance, or the first one listed would get all of a quiet hour. */
export const leastBusy: OrderTargets = ({ targets, statistics, random }) =>
  byFigure(targets, ({ id }) => statistics.inFlight(id) + random());

/**
 * Targets that the window has seen fewer than min_sample_count calls of come first, the least known in front:
 * nobody can be the fastest unmeasured, and old figures run out with the window. Those that were called often
 * enough and still gave no figure fail too much to be preferred, and come last.
 */
function byMeasure(
  { targets, statistics, routing, now }: StrategyInput,
  measure: (figures: TargetFigures) => number | undefined,
): readonly Target[] {
  return byFigure(targets, (target: Target) => {
    const figures = statistics.figures(target.id, now);
    const toLearn = routing.minSampleCount - figures.recentCalls;
    if (toLearn > 0) return -Number.MAX_VALUE / (1 + figures.recentCalls);
    return measure(figures) ?? Infinity;
  });
}
