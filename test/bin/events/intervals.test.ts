/** Estimates and intervals against published figures, and against chance itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differenceOf,
  meanDifferenceOf,
  NO_MOMENTS,
  quantileOf,
  rateOf,
  withObservation,
  type Estimate,
  type Moments,
} from '../../../bin/events/intervals.ts';
import { seeded } from '../../lambda/routing/support.ts';

const boundsOf = (estimate: Estimate | undefined): readonly (number | undefined)[] => [
  estimate?.interval?.low,
  estimate?.interval?.high,
];
const momentsOf = (values: readonly number[]): Moments => values.reduce(withObservation, NO_MOMENTS);
const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const oneTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the interval of a rate', () => {
  // Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is that of the literature', (count, total, low, high) => {
    const [seenLow = NaN, seenHigh = NaN] = boundsOf(rateOf(count, total));
    expect(seenLow).toBeCloseTo(low, 4);
    expect(seenHigh).toBeCloseTo(high, 4);
  });

  it('does not exist without requests', () => {
    expect(rateOf(0, 0)).toBeUndefined();
  });

  it('holds the rate and stays between 0 and 1', () => {
    const counts = fc
      .integer({ min: 1, max: 100_000 })
      .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
    fc.assert(
      fc.property(counts, ([count, total]) => {
        const [low = NaN, high = NaN] = boundsOf(rateOf(count, total));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(count / total + 1e-12);
        expect(high).toBeGreaterThanOrEqual(count / total - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the interval of a difference of rates', () => {
  // Newcombe, Interval estimation for the difference between independent proportions (1998), table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
  ])('of %i in %i and %i in %i is that of the literature', (a, ofA, b, ofB, low, high) => {
    const [seenLow = NaN, seenHigh = NaN] = boundsOf(differenceOf(rateOf(a, ofA), rateOf(b, ofB)));
    expect(seenLow).toBeCloseTo(low, 4);
    expect(seenHigh).toBeCloseTo(high, 4);
  });

  it.each([
    ['does not exist where one is not known', undefined, { value: 1 }, undefined],
    [
      'has no bounds where one has none',
      { value: 3 },
      { value: 1, interval: { low: 0, high: 2 } },
      { value: 2 },
    ],
  ])('%s', (_, a, b, difference) => {
    expect(differenceOf(a, b)).toEqual(difference);
  });
});

describe('the interval of a quantile', () => {
  it.each([
    ['the median of 10', 10, 0.5, [2, 9]],
    ['the median of 20', 20, 0.5, [6, 15]],
    ['the median of 5', 5, 0.5, [undefined, undefined]],
    ['the 95th percentile of 71', 71, 0.95, [undefined, undefined]],
    ['the 95th percentile of 72', 72, 0.95, [64, 72]],
    ['the 95th percentile of 1,000', 1_000, 0.95, [936, 964]],
  ])('of %s lies between order statistics', (_, count, share, bounds) => {
    const estimate = quantileOf(oneTo(count), share);
    expect(estimate?.value).toBe(Math.ceil(count * share));
    expect(boundsOf(estimate)).toEqual(bounds);
  });

  it('is found among a million', () => {
    const [low = NaN, high = NaN] = boundsOf(quantileOf(Float64Array.from(oneTo(1_000_000)), 0.95));
    // Normal approximation: 950,000 and 1.96 standard deviations of 218.
    expect(Math.abs(low - 949_573)).toBeLessThan(5);
    expect(Math.abs(high - 950_428)).toBeLessThan(5);
  });

  it('does not exist without requests', () => {
    expect(quantileOf([], 0.5)).toBeUndefined();
  });
});

describe('the interval of a difference of means', () => {
  // Half width over the standard error, for groups of one size and variance: Student's table, 2n - 2 degrees.
  it.each([
    [5, 2.306],
    [6, 2.228],
    [16, 2.0423],
    [61, 1.9799],
  ])('of groups of %i is as wide as %f standard errors', (count, quantile) => {
    const a = momentsOf(oneTo(count));
    const [low = NaN, high = NaN] = boundsOf(meanDifferenceOf(a, a));
    const error = Math.sqrt((2 * a.squares) / (count - 1) / count);
    expect((high - low) / 2 / error).toBeCloseTo(quantile, 3);
  });

  it.each([
    ['no bounds below five requests', momentsOf([1, 2, 3, 4]), momentsOf(oneTo(9)), { value: -2.5 }],
    [
      'no width where nothing varies',
      momentsOf(Array<number>(6).fill(2)),
      momentsOf(Array<number>(6).fill(2)),
      {
        value: 0,
        interval: { low: 0, high: 0 },
      },
    ],
    ['nothing to say of an empty group', NO_MOMENTS, momentsOf([1]), undefined],
  ])('has %s', (_, a, b, difference) => {
    expect(meanDifferenceOf(a, b)).toEqual(difference);
  });

  it('loses no digits to large sums', () => {
    const { mean, squares, count } = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    expect([mean, squares, count]).toEqual([1e9 + 10, 90, 4]);
  });
});

describe('intervals hold the true difference in about 95 of 100 samples', () => {
  const RUNS = 1_000;

  /** Of many samples, the part whose interval holds `truth`. */
  function coverage(sample: (random: () => number) => Estimate | undefined, truth: number): number {
    const random = seeded(7);
    let held = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const [low = NaN, high = NaN] = boundsOf(sample(random));
      if (low <= truth && truth <= high) held += 1;
    }
    return held / RUNS;
  }
  const draw = (count: number, one: () => number): readonly number[] => Array.from({ length: count }, one);
  /** Latencies are skewed; the median of these is ln 2 times the scale. */
  const exponential = (random: () => number, scale: number) => (): number => -scale * Math.log(1 - random());

  it.each<[string, (random: () => number) => Estimate | undefined, number]>([
    [
      'of rare errors',
      (random) => {
        const errors = (count: number, rate: number): Estimate | undefined =>
          rateOf(draw(count, random).filter((value) => value < rate).length, count);
        return differenceOf(errors(400, 0.03), errors(100, 0.01));
      },
      0.02,
    ],
    [
      'of median latencies',
      (random) => {
        const median = (count: number, scale: number): Estimate | undefined =>
          quantileOf(sorted(draw(count, exponential(random, scale))), 0.5);
        return differenceOf(median(200, 900), median(60, 600));
      },
      300 * Math.LN2,
    ],
    [
      'of costs',
      (random) => {
        const costs = (count: number, scale: number): Moments =>
          momentsOf(draw(count, exponential(random, scale)));
        return meanDifferenceOf(costs(200, 3), costs(80, 2));
      },
      1,
    ],
  ])('%s', (_, sample, truth) => {
    const held = coverage(sample, truth);
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.99);
  });
});
