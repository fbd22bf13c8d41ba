import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_REST_MS } from '../../../lambda/routing/cooldown.ts';
import { formatRetryAfter, parseRetryAfter } from '../../../lambda/routing/retry-after.ts';
import { NOW } from './support.ts';

describe('Retry-After', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['seconds with blanks around', '  7 ', 7_000],
    ['fractions of seconds', '0.25', 250],
    ['zero', '0', 0],
    ['an HTTP date', 'Sun, 01 Nov 2026 12:00:09 GMT', 9_000],
    ['an HTTP date in the old form', 'Sunday, 01-Nov-26 12:00:09 GMT', 9_000],
    ['a date in the past', 'Sun, 01 Nov 2026 11:00:00 GMT', 0],
    ['a date in a thousand years', 'Fri, 01 Nov 3026 12:00:00 GMT', LONGEST_REST_MS],
    ['an absurd number', '99999999999999999999', LONGEST_REST_MS],
    ['a number beyond a double', '9'.repeat(400), LONGEST_REST_MS],
    ['a negative number', '-5', undefined],
    ['a number in another notation', '1e3', undefined],
    ['a duration', '5s', undefined],
    ['a word', 'soon', undefined],
    ['a day without a date', 'Sunday', undefined],
    ['nothing', '', undefined],
  ])('as %s is %j -> %s', (_name, value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });

  it('may be absent', () => {
    expect(parseRetryAfter(undefined, NOW)).toBeUndefined();
  });

  it('is a bounded number or nothing, whatever upstream sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, min: 0, max: 1e13 }), (value, now) => {
        const parsed = parseRetryAfter(value, now) ?? 0;
        expect(parsed).toBeGreaterThanOrEqual(0);
        expect(parsed).toBeLessThanOrEqual(LONGEST_REST_MS);
      }),
    );
  });

  it.each([
    ['rounds up', NOW + 1_001, '2'],
    ['is at least a second', NOW, '1'],
    ['is at least a second for what has passed', NOW - 9_000, '1'],
    ['is at most an hour', NOW + 1e12, '3600'],
  ])('for the caller %s', (_name, retryAt, expected) => {
    expect(formatRetryAfter(retryAt, NOW)).toBe(expected);
  });
});
