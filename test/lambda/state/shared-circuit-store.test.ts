import { describe, expect, it } from 'vitest';
import {
  createVirtualCircuitTable,
  type VirtualCircuitTable,
} from '../../../bench/simulation/virtual-circuit-table.ts';
import { availabilityOf } from '../../../lambda/routing/availability.ts';
import { CLOSED, open } from '../../../lambda/routing/circuit.ts';
import type { Outcome } from '../../../lambda/routing/outcome.ts';
import type { CircuitStore } from '../../../lambda/state/circuit-store.ts';
import type { CircuitTable } from '../../../lambda/state/circuit-table.ts';
import { createSharedCircuitStore } from '../../../lambda/state/shared-circuit-store.ts';
import { aTarget, BREAKER, NOW } from '../routing/support.ts';

const FAILURE: Outcome = { kind: 'http_error', status: 503 };
const TARGETS = ['a', 'b', 'c'].map((id) => aTarget(id));

type Mood = 'well' | 'dead' | 'hanging';

interface Bench {
  readonly store: CircuitStore;
  readonly table: VirtualCircuitTable;
  readonly turns: readonly string[];
  /** How the table answers from now on; what hangs goes on when it is well again. */
  readonly setMood: (mood: Mood) => void;
  readonly advance: (milliseconds: number) => void;
  readonly state: (targetId?: string) => string;
  readonly openA: () => Promise<void>;
}

/** One gateway at a table that can be told to misbehave, in a time that passes only when told to. */
function aBench(owner = 'me', table = createVirtualCircuitTable(BREAKER, () => Promise.resolve())): Bench {
  let time = NOW;
  let mood: Mood = 'well';
  let waiting: (() => void)[] = [];
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const turns: string[] = [];
  const gate = async <T>(operation: () => Promise<T>): Promise<T> => {
    if (mood === 'dead') throw new Error('the table is dead');
    if (mood === 'hanging') await new Promise<void>((resolve) => waiting.push(resolve));
    return operation();
  };
  const moody: CircuitTable = {
    read: (...args) => gate(() => table.read(...args)),
    countFailure: (...args) => gate(() => table.countFailure(...args)),
    writeCircuit: (...args) => gate(() => table.writeCircuit(...args)),
    writeCooldown: (...args) => gate(() => table.writeCooldown(...args)),
    writeHealth: (...args) => gate(() => table.writeHealth(...args)),
  };
  const store = createSharedCircuitStore({
    targets: TARGETS,
    settings: BREAKER,
    table: moody,
    owner,
    now: () => time,
    elapsed: () => time,
    random: () => 0.5,
    startTimer: (milliseconds, callback) => {
      const timer = { at: time + milliseconds, callback };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((other) => other !== timer)) };
    },
    onDegraded: (isDegraded, reason) => turns.push(`${isDegraded ? 'degraded' : 'recovered'}: ${reason}`),
  });
  return {
    store,
    table,
    turns,
    setMood: (next) => {
      mood = next;
      if (next === 'hanging') return;
      for (const resume of waiting.splice(0)) resume();
      waiting = [];
    },
    advance: (milliseconds) => {
      time += milliseconds;
      for (const { at, callback } of timers.filter((timer) => timer.at <= time)) {
        timers = timers.filter((timer) => timer.at !== at);
        callback();
      }
    },
    state: (targetId = 'a') => availabilityOf(store.views().get(targetId), time, BREAKER).kind,
    openA: async () => {
      for (let count = 0; count < BREAKER.failureThreshold; count += 1) {
        store.report('a', FAILURE);
        await store.settled();
      }
    },
  };
}

describe('a snapshot', () => {
  it('is one read for all targets, one at a time, when the last is 1 to 2 s old', async () => {
    const { store, table, advance } = aBench();
    for (let request = 0; request < 100; request += 1) store.views();
    await store.settled();
    expect(table.requests).toMatchObject({ reads: 1, itemsRead: 3, writes: 0 });
    advance(1_499);
    store.views();
    expect(table.requests.reads).toBe(1);
    advance(1);
    store.views();
    store.views();
    expect(table.requests.reads).toBe(2);
  });

  it('is not asked for again while one is under way', async () => {
    const { store, table, setMood, advance } = aBench();
    setMood('hanging');
    for (let second = 0; second < 10; second += 1) {
      store.views();
      advance(2_000);
    }
    setMood('well');
    await store.settled();
    expect(table.requests.reads).toBe(1);
  });

  it('serves while it is refreshed', async () => {
    const { store, table, state } = aBench();
    table.rows.set('a', { circuit: open(CLOSED, NOW, BREAKER) });
    expect(state()).toBe('ready');
    await store.settled();
    expect(state()).toBe('open');
  });

  it('is there when warming up is done', async () => {
    const { store, table, state } = aBench();
    table.rows.set('a', { circuit: open(CLOSED, NOW, BREAKER) });
    await store.warmUp();
    expect(state()).toBe('open');
  });

  it('is waited for 150 ms when warming up', async () => {
    const { store, setMood, advance, state } = aBench();
    setMood('hanging');
    const warm = store.warmUp();
    advance(150);
    await warm;
    expect(state()).toBe('ready');
  });
});

describe('the table', () => {
  it('is not told of successes', async () => {
    const { store, table } = aBench();
    for (let request = 0; request < 50; request += 1) store.report('a', { kind: 'success' });
    await store.settled();
    expect(table.requests).toMatchObject({ reads: 0, writes: 0 });
  });

  it('is told of each failure until the circuit opens, then no more', async () => {
    const { store, table, openA } = aBench();
    await openA();
    // Four were counted; the fifth opened the circuit here, which is a single write.
    expect(table.requests.writes).toBe(5);
    for (let late = 0; late < 20; late += 1) store.report('a', FAILURE);
    await store.settled();
    expect(table.requests.writes).toBe(5);
    expect(table.rows.get('a')?.circuit).toMatchObject({ state: 'open', epoch: 1 });
  });

  it('wins over a gateway that opens at the same time', async () => {
    const first = aBench('first');
    const second = aBench('second', first.table);
    for (const { store } of [first, second]) {
      for (let count = 0; count < 5; count += 1) store.report('a', FAILURE);
    }
    await Promise.all([first.store.settled(), second.store.settled()]);
    expect(first.table.rows.get('a')?.circuit).toMatchObject({ state: 'open', epoch: 1 });
    expect(second.store.views().get('a')?.circuit).toEqual(first.store.views().get('a')?.circuit);
  });

  it('that gives an old copy does not undo what was just written', async () => {
    const { store, table, advance, state, openA } = aBench();
    await openA();
    table.rows.delete('a');
    advance(2_000);
    store.views();
    await store.settled();
    expect(state()).toBe('open');
  });

  it('that was cleared is believed after ten seconds', async () => {
    const { store, table, advance, state, openA } = aBench();
    await openA();
    table.rows.delete('a');
    advance(10_000);
    store.views();
    await store.settled();
    expect(state()).toBe('ready');
    await openA();
    expect(table.rows.get('a')?.circuit).toMatchObject({ state: 'open', epoch: 1 });
  });
});

describe('with a dead table a gateway', () => {
  it('opens circuits by what it sees itself, and says that it is alone', async () => {
    const { store, setMood, state, openA, turns } = aBench();
    setMood('dead');
    await openA();
    expect(state()).toBe('open');
    expect(store.isDegraded()).toBe(true);
    expect(turns).toEqual(['degraded: Error']);
  });

  it('grants probes itself, at once', async () => {
    const { store, setMood, advance, openA } = aBench();
    setMood('dead');
    await openA();
    advance(BREAKER.cooldownMs);
    const probe = store.claimProbe('a');
    expect(probe).toMatchObject({ targetId: 'a' });
    expect(store.claimProbe('a')).toBeUndefined();
  });

  it('tells the table what it missed when it is back', async () => {
    const { store, table, setMood, advance, state, openA, turns } = aBench();
    setMood('dead');
    await openA();
    setMood('well');
    advance(2_000);
    store.views();
    await store.settled();
    expect(table.rows.get('a')?.circuit).toMatchObject({ state: 'open', openedAt: NOW });
    expect(state()).toBe('open');
    expect(store.isDegraded()).toBe(false);
    expect(turns.at(-1)).toMatch(/^recovered/);
  });

  it('does not tell the table what is no longer of interest', async () => {
    const { store, table, setMood, advance, openA } = aBench();
    setMood('dead');
    await openA();
    setMood('well');
    advance(BREAKER.cooldownMs + 1);
    store.views();
    await store.settled();
    expect(table.rows.has('a')).toBe(false);
  });
});

describe('with a slow table a gateway', () => {
  it('is degraded after 150 ms of waiting, until an answer comes in time', async () => {
    const { store, setMood, advance } = aBench();
    setMood('hanging');
    store.views();
    expect(store.isDegraded()).toBe(false);
    advance(151);
    expect(store.isDegraded()).toBe(true);
    setMood('well');
    await store.settled();
    expect(store.isDegraded()).toBe(true);
    advance(2_000);
    store.views();
    await store.settled();
    expect(store.isDegraded()).toBe(false);
  });

  it('waits 150 ms for a probe, then grants it itself', async () => {
    const { store, setMood, advance, openA } = aBench();
    await openA();
    advance(BREAKER.cooldownMs);
    setMood('hanging');
    const probe = store.claimProbe('a');
    expect(probe).toBeInstanceOf(Promise);
    advance(150);
    expect(await probe).toMatchObject({ targetId: 'a' });
  });

  it('does not wait for the next probe, knowing the table is slow', async () => {
    const { store, setMood, advance, openA } = aBench();
    await openA();
    setMood('hanging');
    advance(BREAKER.cooldownMs);
    store.views();
    advance(151);
    expect(store.claimProbe('a')).toMatchObject({ targetId: 'a' });
  });

  it('reports without waiting', () => {
    const { store, setMood, state } = aBench();
    setMood('hanging');
    for (let count = 0; count < 5; count += 1) store.report('a', FAILURE);
    expect(state()).toBe('open');
  });
});

describe('a throttled read', () => {
  it('leaves what it could not read as it was', async () => {
    const { store, table, advance, state, openA } = aBench();
    await openA();
    const read = table.read.bind(table);
    table.read = async (ids) => ({
      views: (await read(['b'])).views,
      unread: new Set(ids.filter((id) => id !== 'b')),
    });
    advance(20_000);
    store.views();
    await store.settled();
    expect(state()).toBe('open');
  });
});

describe('fifty gateways', () => {
  it('send one probe for each lease', async () => {
    const first = aBench('gateway-0');
    const fleet = [
      first,
      ...Array.from({ length: 49 }, (_, index) => aBench(`gateway-${index + 1}`, first.table)),
    ];
    await first.openA();
    for (const { advance } of fleet) advance(BREAKER.cooldownMs);
    const granted = async (): Promise<number> => {
      for (const { store } of fleet) store.views();
      const probes = await Promise.all(
        fleet.flatMap(({ store }) => [1, 2].map(async () => store.claimProbe('a'))),
      );
      return probes.filter((probe) => probe !== undefined).length;
    };
    await Promise.all(fleet.map(({ store }) => store.warmUp()));
    expect(await granted()).toBe(1);
    expect(await granted()).toBe(0);
    for (const { advance } of fleet) advance(15_000);
    expect(await granted()).toBe(1);
  });
});
