import { describe, expect, it } from 'vitest';
import { createWallClock } from '../../../lambda/local/wall-clock.ts';

describe('the wall clock', () => {
  const sources = { coarse: 1000, fine: 5.25 };
  const make = () => createWallClock({ coarse: () => sources.coarse, fine: () => sources.fine });

  it('has the fractions of the fine source', () => {
    Object.assign(sources, { coarse: 1000, fine: 5.25 });
    const now = make();
    Object.assign(sources, { coarse: 1002, fine: 7.5 });
    expect(now()).toBe(1002.25);
  });

  it.each([
    ['the system clock is set forward', 9000, 5.5],
    ['the system clock is set back', 500, 5.5],
    ['the machine slept and the fine source stood still', 60_000, 5.25],
  ])('follows the coarse source when %s', (_name, coarse, fine) => {
    Object.assign(sources, { coarse: 1000, fine: 5.25 });
    const now = make();
    Object.assign(sources, { coarse, fine });
    expect(now()).toBe(coarse);
    Object.assign(sources, { coarse, fine: fine + 0.5 });
    expect(now()).toBe(coarse + 0.5);
  });

  it('agrees with Node’s own clock', () => {
    const now = createWallClock();
    const before = Date.now();
    expect(now()).toBeGreaterThanOrEqual(before);
    expect(now()).toBeLessThan(Date.now() + 1);
  });
});
