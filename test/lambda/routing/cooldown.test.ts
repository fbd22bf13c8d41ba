import { describe, expect, it } from 'vitest';
import { coolDown, LONGEST_REST_MS, type Cooldown } from '../../../lambda/routing/cooldown.ts';
import { NOW } from './support.ts';

describe('the rest after a 429', () => {
  it('doubles from 5 s to 60 s while the target keeps saying 429 without Retry-After', () => {
    let rest: Cooldown | undefined;
    let now = NOW;
    const lengths = Array.from({ length: 6 }, () => {
      rest = coolDown(rest, now, undefined);
      const length = rest.until - now;
      now = rest.until;
      return length;
    });
    expect(lengths).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('is not lengthened by the other replies of the same burst', () => {
    const rest = coolDown(undefined, NOW, undefined);
    expect(coolDown(rest, NOW + 10, undefined)).toBe(rest);
  });

  it('starts over after a minute of peace', () => {
    const rest = coolDown(undefined, NOW, undefined);
    const later = rest.until + 60_001;
    expect(coolDown(rest, later, undefined).until).toBe(later + 5_000);
  });

  it.each([
    ['follows Retry-After', 7_000, 7_000],
    ['is over at once for zero', 0, 0],
    ['is over at once for a time in the past', -5_000, 0],
    ['is cut at an hour', 10 * LONGEST_REST_MS, LONGEST_REST_MS],
  ])('%s', (_name, retryAfterMs, expected) => {
    expect(coolDown(undefined, NOW, retryAfterMs).until).toBe(NOW + expected);
  });

  it('keeps the longer of two rests', () => {
    const rest = coolDown(undefined, NOW, 20_000);
    expect(coolDown(rest, NOW + 1, 1_000).until).toBe(NOW + 20_000);
  });

  it('begins anew when the clock jumped back beyond any rest', () => {
    const rest = coolDown(undefined, NOW, undefined);
    const before = NOW - 2 * LONGEST_REST_MS;
    expect(coolDown(rest, before, undefined).until).toBe(before + 5_000);
  });
});
