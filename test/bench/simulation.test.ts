/** The simulation itself: its time, its chance, and what a small fleet does in it. */
import { describe, expect, it } from 'vitest';
import { drawCalls } from '../../bench/simulation/chart.ts';
import { markdownTable } from '../../bench/simulation/markdown-table.ts';
import { runScenario, type Result } from '../../bench/simulation/run-scenario.ts';
import { SCENARIOS, type Scenario } from '../../bench/simulation/scenario.ts';
import { seededRandom } from '../../bench/simulation/seeded-random.ts';
import { createVirtualTime } from '../../bench/simulation/virtual-time.ts';

const [FIRST] = SCENARIOS;
const run = (fields: Partial<Scenario> = {}): Promise<Result> => {
  if (FIRST === undefined) throw new Error('there is no scenario');
  return runScenario({ ...FIRST, environments: 50, ...fields }, seededRandom(1));
};

describe('virtual time', () => {
  it('lets things happen in order, whatever the order of their entry', async () => {
    const time = createVirtualTime(0);
    const happened: string[] = [];
    for (const instant of [30, 10, 20, 10])
      time.at(instant, () => happened.push(`${instant} at ${time.now()}`));
    await time.runUntil(25);
    expect(happened).toEqual(['10 at 10', '10 at 10', '20 at 20']);
    expect(time.now()).toBe(25);
    await time.runUntil(40);
    expect(happened.at(-1)).toBe('30 at 30');
  });

  it('waits for all that follows from an instant before it goes on', async () => {
    const time = createVirtualTime(0);
    const seen: number[] = [];
    const walk = async (): Promise<void> => {
      for (let step = 0; step < 3; step += 1) {
        await time.delay(5);
        await Promise.resolve();
        seen.push(time.now());
      }
    };
    void walk();
    await time.runUntil(100);
    expect(seen).toEqual([5, 10, 15]);
  });

  it('does not run what was cancelled', async () => {
    const time = createVirtualTime(0);
    const entry = time.at(5, () => {
      throw new Error('it was cancelled');
    });
    entry.cancel();
    await time.runUntil(10);
    expect(time.now()).toBe(10);
  });
});

describe('fifty gateways with shared circuits and a fallback', () => {
  it('answer every request, probe once for each cooldown, and come back when a probe succeeds', async () => {
    const { figures } = await run();
    expect(figures.failed).toBe(0);
    expect(figures.probes).toBe(2);
    // One call of each environment that had not looked yet, and the five that opened the circuit.
    expect(figures.failedCalls).toBeLessThanOrEqual(2 * 50 + 5);
    expect(figures.allStoppedAfterMs).toBeLessThan(10_000);
    expect(figures.returnedAfterProbeMs).toBeLessThanOrEqual(5_000);
  });

  it('do as well as each alone when the table is dead', async () => {
    const [dead, alone] = await Promise.all([run({ table: 'dead' }), run({ circuits: 'alone' })]);
    expect(dead.figures.failed).toBe(0);
    expect(dead.table.writes).toBe(0);
    expect(dead.figures.failedCalls).toBeLessThanOrEqual(1.1 * alone.figures.failedCalls);
  });

  it('give the same figures in every run', async () => {
    const [first, second] = await Promise.all([run({ environments: 5 }), run({ environments: 5 })]);
    expect(second).toEqual(first);
  });
});

describe('the report', () => {
  it('has a line for each result, and a picture', async () => {
    const results = [await run({ environments: 2 })];
    expect(markdownTable(results)).toMatch(/^\| scenario .*\n\| --- .*\n\| shared circuits \|/);
    expect(drawCalls(results)).toMatch(/^<svg [\s\S]*shared circuits[\s\S]*<\/svg>\n$/);
  });
});
