/** What a strategy is: the order in which targets that may be called are tried. */
import type { Routing, Target } from '../../config/gateway-config.ts';
import type { Statistics } from '../statistics.ts';

export interface StrategyInput {
  /** Targets that may be called, in listed order; never empty. */
  readonly targets: readonly Target[];
  readonly statistics: Statistics;
  readonly routing: Routing;
  /** Upper bound of the prompt's tokens. */
  readonly promptTokens: number;
  readonly maxTokens: number | undefined;
  readonly now: number;
  readonly random: () => number;
}

/** All targets of the input, each once, the one to try first in front. */
export type OrderTargets = (input: StrategyInput) => readonly Target[];

/** The targets by ascending figure; equal ones stay in the given order. */
export function byFigure(targets: readonly Target[], figure: (target: Target) => number): readonly Target[] {
  const figures = new Map(targets.map((target) => [target, figure(target)]));
  const of = (target: Target): number => figures.get(target) ?? Infinity;
  // Subtracting would give NaN for two infinities.
  return [...targets].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
}
