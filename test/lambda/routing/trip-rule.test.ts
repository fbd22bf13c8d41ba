import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketLengthMs,
  bucketsOf,
  isTripped,
  withFailure,
  type RecentFailures,
} from '../../../lambda/routing/trip-rule.ts';
import { BREAKER, NOW } from './support.ts';

const tripAfter = (instants: readonly number[]): boolean => {
  const recent = instants.reduce<RecentFailures>((known, at) => withFailure(known, NOW + at, BREAKER), []);
  return isTripped(recent.length, BREAKER);
};

describe('the trip rule', () => {
  it.each([
    ['five at once', [0, 0, 0, 0, 0], true],
    ['five just within the window', [0, 1, 2, 3, 29_999], true],
    ['five that take a little longer', [0, 1, 2, 3, 30_000], false],
    ['four', [0, 0, 0, 0], false],
    ['the last five of many', [0, 60_000, 60_001, 60_002, 60_003, 60_004], true],
    ['five across a clock that jumps back', [90_000, 90_001, 90_002, 90_003, 0], false],
    ['five across a clock that jumps ahead', [0, 1, 2, 3, 9_000_000], false],
  ])('for %s failures says %s', (_name, instants, expected) => {
    expect(tripAfter(instants)).toBe(expected);
  });

  it('never trips when the breaker is off', () => {
    expect(isTripped(1_000, { ...BREAKER, enabled: false })).toBe(false);
  });

  it('remembers no more failures than it needs', () => {
    const many = Array.from({ length: 1_000 }).reduce<RecentFailures>(
      (known) => withFailure(known, NOW, BREAKER),
      [],
    );
    expect(many).toHaveLength(BREAKER.failureThreshold);
  });
});

describe('the buckets of a window', () => {
  it('are ten seconds long, and all that the window touches', () => {
    const settings = { ...BREAKER, windowMs: 30_000 };
    expect(bucketsOf(100_000, settings)).toEqual([10, 9, 8, 7]);
    expect(bucketsOf(109_999, settings)).toEqual([10, 9, 8, 7]);
  });

  it('cover the window, and fit into one batch, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 86_400_000 }), fc.nat(1e12), (windowMs, now) => {
        const settings = { ...BREAKER, windowMs };
        const buckets = bucketsOf(now, settings);
        const oldest = buckets.at(-1) ?? 0;
        expect(buckets.length).toBeLessThanOrEqual(32);
        expect(oldest * bucketLengthMs(settings)).toBeLessThanOrEqual(now - windowMs);
        expect(buckets[0]).toBe(Math.floor(now / bucketLengthMs(settings)));
      }),
    );
  });
});
