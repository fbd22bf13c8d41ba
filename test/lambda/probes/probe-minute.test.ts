import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beatsOfMinute, probeForAMinute } from '../../../lambda/probes/probe-minute.ts';
import { NOW } from '../routing/support.ts';
import { aProbedTarget, aProbeWorld } from './a-probe-world.ts';

const MINUTE = 60_000;
const instantsOf = (target: ReturnType<typeof aProbedTarget>, from: number): readonly number[] =>
  beatsOfMinute([target], from).flatMap(({ instants }) => instants);

describe('the beats of a minute', () => {
  it.each([
    [1_000, 60],
    [10_000, 6],
    [30_000, 2],
    [60_000, 1],
  ])('of a target with an interval of %i ms are %i', (intervalMs, count) => {
    expect(instantsOf(aProbedTarget('a', intervalMs), NOW)).toHaveLength(count);
  });

  it('of an hourly target are one in sixty minutes', () => {
    const target = aProbedTarget('a', 3_600_000);
    const minutes = Array.from({ length: 180 }, (_, index) => instantsOf(target, NOW + index * MINUTE));
    expect(minutes.flat()).toHaveLength(3);
  });

  it('lie within the minute, and follow those of the minute before at the interval', () => {
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 3_600 }),
      fc.string(),
      fc.integer({ min: 0, max: MINUTE }),
    );
    fc.assert(
      fc.property(cases, ([seconds, id, offset]) => {
        const target = aProbedTarget('a', seconds * 1_000, { id });
        const starts = Array.from({ length: 130 }, (_, index) => NOW + offset + index * MINUTE);
        const all = starts.flatMap((from) => {
          const instants = instantsOf(target, from);
          expect(instants.every((instant) => instant >= from && instant < from + MINUTE)).toBe(true);
          return instants;
        });
        expect(all.length).toBeGreaterThanOrEqual(2);
        const waits = all.slice(1).map((instant, index) => instant - (all[index] ?? 0));
        for (const wait of waits) expect(wait).toBeCloseTo(seconds * 1_000, 1);
      }),
      { numRuns: 50 },
    );
  });

  it('do not all fall together', () => {
    const targets = Array.from({ length: 20 }, (_, index) => aProbedTarget(`t${index}`));
    const first = beatsOfMinute(targets, NOW).map(({ instants }) => instants[0]);
    expect(new Set(first).size).toBe(20);
  });

  it('begin early in the minute, because the function is paid until the last', () => {
    const targets = Array.from({ length: 50 }, (_, index) => aProbedTarget(`t${index}`, MINUTE));
    const offsets = beatsOfMinute(targets, NOW).map(({ instants }) => (instants[0] ?? 0) - NOW);
    expect(Math.max(...offsets)).toBeLessThan(6_000);
  });

  it('are none for a target that wants none', () => {
    const target = aProbedTarget('a', 1_000, {
      healthProbe: { enabled: false, intervalMs: 1_000, timeoutMs: 1_000 },
    });
    expect(beatsOfMinute([target], NOW)).toEqual([]);
  });
});

describe('the probes of a minute', () => {
  /** A clock that moves as far as it is waited for, and for `probeMs` in each probe. */
  async function run(startAt: number, probeMs = 0, instants = [NOW + 5_000, NOW + 25_000, NOW + 45_000]) {
    let time = startAt;
    const waits: number[] = [];
    const world = aProbeWorld(() => time);
    const callUpstream: typeof world.services.callUpstream = (request) => {
      const reply = world.services.callUpstream(request);
      time += probeMs;
      return reply;
    };
    await probeForAMinute([{ target: aProbedTarget('a', 20_000), instants }], {
      services: { ...world.services, callUpstream, now: () => time },
      wait: (milliseconds) => {
        waits.push(milliseconds);
        time += milliseconds;
        return Promise.resolve();
      },
    });
    return { times: world.asked.map(({ at }) => at - NOW), waits };
  }

  it('come at their instants', async () => {
    expect((await run(NOW)).times).toEqual([5_000, 25_000, 45_000]);
  });

  it.each([
    ['a little late, and then in time', NOW + 7_000, [7_000, 25_000, 45_000]],
    ['once for two that were missed', NOW + 30_000, [30_000, 45_000]],
    ['once for a whole minute that was missed', NOW + 90_000, [90_000]],
  ])('come %s', async (_, startAt, times) => {
    expect((await run(startAt)).times).toEqual(times);
  });

  it('wait for one that takes long, and leave out what it covers', async () => {
    expect((await run(NOW, 25_000)).times).toEqual([5_000, 30_000, 55_000]);
    expect((await run(NOW, 41_000)).times).toEqual([5_000, 46_000]);
  });

  it('never wait for more than a minute, however far a clock has jumped', async () => {
    expect((await run(NOW - 10 * MINUTE, 0, [NOW])).waits).toEqual([MINUTE]);
  });

  it('of several targets run beside each other', async () => {
    const world = aProbeWorld(() => NOW);
    world.answerWith(new Promise(() => undefined));
    const beats = ['a', 'b'].map((id) => ({ target: aProbedTarget(id), instants: [NOW] }));
    void probeForAMinute(beats, {
      services: { ...world.services, now: () => NOW },
      wait: () => Promise.resolve(),
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.asked.map(({ host }) => host)).toEqual(['a', 'b']);
  });
});
