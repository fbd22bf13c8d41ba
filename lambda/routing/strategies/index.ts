/** Every strategy by its name in the configuration. */
import type { Strategy } from '../../config/gateway-config.ts';
import { highestThroughput, leastBusy, lowestCost, lowestLatency } from './measured.ts';
import { roundRobin, weightedRandom, weightedRoundRobin } from './rotating.ts';
import type { OrderTargets } from './strategy.ts';

const asListed: OrderTargets = ({ targets }) => targets;

/** `single` is `ordered` here: that only the first target is a candidate is the plan's business. */
export const STRATEGIES: Readonly<Record<Strategy, OrderTargets>> = {
  single: asListed,
  ordered: asListed,
  round_robin: roundRobin,
  weighted_round_robin: weightedRoundRobin,
  random: weightedRandom,
  lowest_latency: lowestLatency,
  highest_throughput: highestThroughput,
  lowest_cost: lowestCost,
  least_busy: leastBusy,
};
