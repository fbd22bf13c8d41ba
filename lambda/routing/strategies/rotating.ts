/** The strategies that share requests out: round_robin, weighted_round_robin, random. */
import type { Target } from '../../config/gateway-config.ts';
import { usableWeights } from '../rotation.ts';
import { byFigure, type OrderTargets, type StrategyInput } from './strategy.ts';

/** Every target in turn. */
export const roundRobin: OrderTargets = (input) => rotate(input, () => 1);

/** Every target in turn, as often as its weight says. */
export const weightedRoundRobin: OrderTargets = (input) => rotate(input, ({ weight }) => weight);

/**
 * By chance, in proportion to the weights: exponential keys, smallest first, which draws without replacement
 * (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
 */
export const weightedRandom: OrderTargets = ({ targets, random }) => {
  const weights = new Map(usableWeights(targets).map(({ id, weight }) => [id, weight]));
  return byFigure(targets, ({ id }) => {
    const weight = weights.get(id) ?? 0;
    return weight > 0 ? -Math.log(1 - random()) / weight : Infinity;
  });
};

function rotate(
  { targets, statistics, random }: StrategyInput,
  weightOf: (target: Target) => number,
): readonly Target[] {
  const shares = targets.map((target) => ({ id: target.id, weight: weightOf(target) }));
  const order = statistics.rotation.turn(shares, random);
  return order.flatMap((id) => targets.find((target) => target.id === id) ?? []);
}
