/** Estimates with 95 % confidence intervals, and the intervals of their differences; sources stand at each. */

/** An estimate and what it may well be in truth; without bounds where there are too few observations. */
export interface Estimate {
  readonly value: number;
  readonly interval?: Interval;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Part of all intervals so made that hold the truth. */
export const CONFIDENCE = 0.95;
const TAIL = (1 - CONFIDENCE) / 2;

/** 97.5 % of a standard normal variable lie below. */
const Z = 1.959_963_984_540_054;

/** Below so many observations the expansion of Student's quantile is not exact enough, and a mean says little. */
const LEAST_FOR_MEAN = 5;

/**
 * A rate with the score interval, which holds for few observations and for rates near 0 and 1.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function rateOf(count: number, total: number): Estimate | undefined {
  if (total === 0) return undefined;
  const value = count / total;
  const scale = 1 + Z ** 2 / total;
  const centre = (value + Z ** 2 / (2 * total)) / scale;
  const half = (Z / scale) * Math.sqrt((value * (1 - value)) / total + Z ** 2 / (4 * total ** 2));
  return { value, interval: { low: Math.max(0, centre - half), high: Math.min(1, centre + half) } };
}

/**
 * A quantile (the smallest value that a share of the observations does not exceed) with the interval between two
 * order statistics: no shape of the distribution is assumed. The 95th percentile needs 72 observations for it.
 * Source: W. J. Conover, Practical Nonparametric Statistics, section 3.2.
 * @param sorted Ascending.
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): Estimate | undefined {
  const count = sorted.length;
  const value = sorted[Math.max(0, Math.ceil(count * share) - 1)];
  if (value === undefined) return undefined;
  const [lowRank, highRank] = ranksAround(count, share);
  const [low, high] = [sorted[lowRank - 1], sorted[highRank - 1]];
  return low === undefined || high === undefined ? { value } : { value, interval: { low, high } };
}

/** Ranks, from 1, between which the quantile lies; 0 and more than there are mean that no rank is sure enough. */
function ranksAround(count: number, share: number): readonly [low: number, high: number] {
  const odds = Math.log(share / (1 - share));
  let logProbability = count * Math.log1p(-share);
  let below = 0;
  let low = 0;
  // `below` is the chance that at most `rank - 1` observations lie under the quantile: a binomial sum.
  for (let rank = 1; rank <= count; rank += 1) {
    below += Math.exp(logProbability);
    if (below <= TAIL) low = rank;
    if (below >= 1 - TAIL) return [low, rank];
    logProbability += Math.log((count - rank + 1) / rank) + odds;
  }
  return [low, count + 1];
}

/**
 * The difference of two independent estimates from their own intervals, which need not be symmetric (square-and-add).
 * Sources: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in
 * Medicine 17 (1998), method 10; for any estimates G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008).
 */
export function differenceOf(a: Estimate | undefined, b: Estimate | undefined): Estimate | undefined {
  if (a === undefined || b === undefined) return undefined;
  const value = a.value - b.value;
  if (a.interval === undefined || b.interval === undefined) return { value };
  const low = value - Math.hypot(a.value - a.interval.low, b.interval.high - b.value);
  const high = value + Math.hypot(a.interval.high - a.value, b.value - b.interval.low);
  return { value, interval: { low, high } };
}

/** What is kept of observations whose mean is wanted. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly squares: number;
}

export const NO_MOMENTS: Moments = { count: 0, mean: 0, squares: 0 };

/** One observation more. Source: B. P. Welford, Technometrics 4 (1962): no digits are lost to large sums. */
export function withObservation({ count, mean, squares }: Moments, value: number): Moments {
  const next = mean + (value - mean) / (count + 1);
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

/**
 * The difference of two means; variances may differ.
 * Source: B. L. Welch, The generalization of Student's problem when several different population variances are
 * involved, Biometrika 34 (1947).
 */
export function meanDifferenceOf(a: Moments, b: Moments): Estimate | undefined {
  if (a.count === 0 || b.count === 0) return undefined;
  const value = a.mean - b.mean;
  if (a.count < LEAST_FOR_MEAN || b.count < LEAST_FOR_MEAN) return { value };
  const [varianceA, varianceB] = [a, b].map(({ squares, count }) => squares / (count - 1) / count);
  const [ofA, ofB] = [varianceA ?? 0, varianceB ?? 0];
  const variance = ofA + ofB;
  if (variance === 0) return { value, interval: { low: value, high: value } };
  const freedom = variance ** 2 / (ofA ** 2 / (a.count - 1) + ofB ** 2 / (b.count - 1));
  const half = studentQuantile(freedom) * Math.sqrt(variance);
  return { value, interval: { low: value - half, high: value + half } };
}

/** 97.5 % quantile. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5. */
function studentQuantile(freedom: number): number {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), Z);
}
