/** Runs one scenario from start to end in virtual time. */
import type { Target } from '../../lambda/config/gateway-config.ts';
import type { Outcome } from '../../lambda/routing/outcome.ts';
import type { CircuitStore } from '../../lambda/state/circuit-store.ts';
import type { CircuitTable } from '../../lambda/state/circuit-table.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import { createSharedCircuitStore } from '../../lambda/state/shared-circuit-store.ts';
import { createEnvironment } from './fleet.ts';
import { createJournal, type Figures } from './journal.ts';
import type { Scenario } from './scenario.ts';
import { simulatedConfig, type SimulatedConfig } from './simulated-config.ts';
import { createVirtualCircuitTable, type Requests } from './virtual-circuit-table.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

export interface Result {
  readonly scenario: Scenario;
  readonly figures: Figures;
  /** Requests to the table; all zero where there is none. */
  readonly table: Requests;
}

const START = Date.UTC(2026, 0, 1);

/** One way to DynamoDB and back takes twice that. */
const TABLE_DELAY_MS = 3;

/** The table's client gives a request up after so long. */
const TABLE_TIME_LIMIT_MS = 1_000;

/** A healthy target answers after that, plus up to as much again. */
const ANSWER_MS = 400;

/** @param random The same chance gives the same result. */
export async function runScenario(scenario: Scenario, random: () => number): Promise<Result> {
  const time = createVirtualTime(START);
  const config = simulatedConfig(scenario.hasFallback);
  const table = createVirtualCircuitTable(config.circuitBreaker, () => time.delay(TABLE_DELAY_MS));
  const moody = moodyTable(table, scenario, time);
  const journal = createJournal(scenario, START);
  const call = createUpstream(scenario, time, random, config.fallback.firstTokenTimeoutMs);

  for (let index = 0; index < scenario.environments; index += 1) {
    const store = openStore(scenario, config, moody, time, random, `environment-${index}`);
    const serve = createEnvironment({ config, store, time, random, journal, call });
    const arrive = (): void => {
      const gap = (-Math.log(1 - random()) / scenario.requestsPerSecond) * 1_000;
      time.at(time.now() + gap, () => {
        if (time.now() - START >= scenario.endMs) return;
        arrive();
        void serve();
      });
    };
    arrive();
  }
  await time.runUntil(START + scenario.endMs);
  return { scenario, figures: journal.figures(), table: table.requests };
}

function openStore(
  scenario: Scenario,
  { targets, circuitBreaker: settings }: SimulatedConfig,
  table: CircuitTable,
  time: VirtualTime,
  random: () => number,
  owner: string,
): CircuitStore {
  const { now } = time;
  if (scenario.circuits === 'alone') return createMemoryCircuitStore({ targets, settings, now });
  return createSharedCircuitStore({
    targets,
    settings,
    table,
    owner,
    now,
    elapsed: now,
    random,
    startTimer: (milliseconds, callback) => time.at(now() + milliseconds, callback),
  });
}

function moodyTable(table: CircuitTable, { table: mood }: Scenario, time: VirtualTime): CircuitTable {
  const gate = async <T>(operation: () => Promise<T>): Promise<T> => {
    if (mood === 'well') return operation();
    await time.delay(mood === 'dead' ? 1 : TABLE_TIME_LIMIT_MS);
    throw new Error(`the table is ${mood}`);
  };
  return {
    read: (...args) => gate(() => table.read(...args)),
    countFailure: (...args) => gate(() => table.countFailure(...args)),
    writeCircuit: (...args) => gate(() => table.writeCircuit(...args)),
    writeCooldown: (...args) => gate(() => table.writeCooldown(...args)),
    writeHealth: (...args) => gate(() => table.writeHealth(...args)),
  };
}

function createUpstream(
  scenario: Scenario,
  time: VirtualTime,
  random: () => number,
  firstTokenTimeoutMs: number,
): (target: Target) => Promise<Outcome> {
  return async ({ id }) => {
    const at = time.now() - START;
    const isDown = id === 'a' && at >= scenario.outageFromMs && at < scenario.outageToMs;
    if (!isDown) {
      await time.delay(ANSWER_MS * (1 + random()));
      return { kind: 'success' };
    }
    if (scenario.outage === 'hangs') {
      await time.delay(firstTokenTimeoutMs);
      return { kind: 'first_token_timeout' };
    }
    await time.delay(50);
    return { kind: 'http_error', status: 503 };
  };
}
