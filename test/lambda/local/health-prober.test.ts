import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHealthProber } from '../../../lambda/local/health-prober.ts';
import { aProbedTarget, aProbeWorld } from '../probes/a-probe-world.ts';
import { aTarget, NOW, seeded } from '../routing/support.ts';

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

function watching(...targets: Parameters<ReturnType<typeof createHealthProber>['watch']>[0]) {
  const world = aProbeWorld(Date.now);
  const prober = createHealthProber();
  prober.watch(targets, world.services);
  return { ...world, prober, times: () => world.asked.map(({ at }) => at - NOW) };
}

describe('a health prober', () => {
  it('probes within a second, then once in each interval', async () => {
    const { times } = watching(aProbedTarget('a', 10_000));
    expect(times()).toEqual([]);
    await pass(35_000);
    expect(times()).toEqual([500, 10_500, 20_500, 30_500]);
  });

  it('leaves alone the targets that want no probes', async () => {
    const { asked } = watching(aTarget('quiet'), aProbedTarget('a'));
    await pass(1_000);
    expect(asked.map(({ host }) => host)).toEqual(['a']);
  });

  it('keeps to the interval of each target', async () => {
    const { asked } = watching(aProbedTarget('fast', 5_000), aProbedTarget('slow', 20_000));
    await pass(60_000);
    const countOf = (name: string): number => asked.filter(({ host }) => host === name).length;
    expect([countOf('fast'), countOf('slow')]).toEqual([12, 3]);
  });

  it('strays from the interval by a tenth at most, and does stray', async () => {
    const world = aProbeWorld(Date.now, seeded(1));
    createHealthProber().watch([aProbedTarget('a', 10_000)], world.services);
    await pass(2_000_000);
    const times = world.asked.map(({ at }) => at);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(9_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(11_000);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });

  it('counts the time of a slow probe into the interval, and never has two of a target', async () => {
    const { answerWith, times } = watching(aProbedTarget('a', 10_000));
    answerWith(new Promise((resolve) => setTimeout(resolve, 4_000, 200)));
    await pass(11_000);
    expect(times()).toEqual([500, 10_500]);
    answerWith(new Promise((resolve) => setTimeout(resolve, 24_000, 200)));
    await pass(20_000);
    expect(times()).toEqual([500, 10_500, 20_500]);
    await pass(10_000);
    // A timer of 0 ms rings after 1.
    expect(times()).toEqual([500, 10_500, 20_500, 35_001]);
  });

  it('goes on after a failure', async () => {
    const { answerWith, healthOf } = watching(aProbedTarget('a', 10_000));
    answerWith(500);
    await pass(25_000);
    expect(healthOf('a')).toMatchObject({ failures: 3 });
    answerWith(200);
    await pass(10_000);
    expect(healthOf('a')).toMatchObject({ failures: 0 });
  });

  it('keeps no process alive', () => {
    vi.useRealTimers();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const { prober } = watching(aProbedTarget('a'));
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before);
    prober.stop();
  });
});

describe('the end of probing', () => {
  it('comes with stop, for running probes too', async () => {
    const { answerWith, asked, healthOf, prober } = watching(aProbedTarget('a', 10_000));
    let answer: (status: number) => void = () => undefined;
    answerWith(new Promise((resolve) => (answer = resolve)));
    await pass(1_000);
    prober.stop();
    answer(500);
    await pass(60_000);
    expect(asked).toHaveLength(1);
    expect(healthOf('a')).toBeUndefined();
  });

  it('comes for the targets of the configuration before', async () => {
    const { asked, prober, services } = watching(aProbedTarget('old'));
    await pass(1_000);
    prober.watch([aProbedTarget('new')], services);
    await pass(60_000);
    expect(asked.map(({ host }) => host)).toEqual(['old', 'new', 'new']);
  });

  it('is for good: a reload that overlaps the drain starts nothing', async () => {
    const { asked, prober, services } = watching(aProbedTarget('a'));
    prober.stop();
    prober.watch([aProbedTarget('a')], services);
    await pass(60_000);
    expect(asked).toEqual([]);
  });
});
