/**
 * Circuits shared through a table. Requests read and change a local copy at once; the table is told, and asked,
 * behind them. Only who claims a probe waits for it, for 150 ms at most.
 */
import { claim, type Probe } from '../routing/circuit.ts';
import { afterProbe } from '../routing/health.ts';
import { isTripped } from '../routing/trip-rule.ts';
import type { CircuitStore, CircuitStoreOptions } from './circuit-store.ts';
import { createCircuitSync } from './circuit-sync.ts';
import type { CircuitTable } from './circuit-table.ts';
import { createLocalCircuits, type Transition } from './local-circuits.ts';
import { createTableWatch, SLOW_MS, type TableWatch } from './table-watch.ts';

/** A snapshot is refreshed when it is so old, and up to twice that by chance: fleets must not beat in time. */
const FRESH_MS = 1_000;

export interface SharedCircuitStoreOptions extends CircuitStoreOptions {
  readonly table: CircuitTable;
  /** Names this process among all that share the table. */
  readonly owner: string;
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  readonly random: () => number;
  /** Calls back once after so many milliseconds, unless cancelled. */
  readonly startTimer: (milliseconds: number, callback: () => void) => { cancel(): void };
  /** Told when the table stops or resumes answering in time; for the log. */
  readonly onDegraded?: (isDegraded: boolean, reason: string) => void;
}

/** A store that knows nothing yet; nothing is fetched before the first views() or warmUp(). */
export function createSharedCircuitStore(options: SharedCircuitStoreOptions): CircuitStore {
  const { settings, now, elapsed, random, owner, startTimer } = options;
  const targetIds = options.targets.map(({ id }) => id);
  const local = createLocalCircuits(settings);
  const watch = createTableWatch(elapsed, options.onDegraded ?? (() => undefined));
  const table = watchedTable(options.table, watch);
  const sync = createCircuitSync({ local, table, now, elapsed, unwrittenForMs: settings.cooldownMs });
  const background = createBackground();
  const { behind } = background;

  let refreshing: Promise<void> | undefined;
  let freshUntil = -Infinity;
  const refresh = (): Promise<void> => {
    freshUntil = elapsed() + FRESH_MS * (1 + random());
    refreshing ??= behind(async () => sync.adopt(targetIds, await table.read(targetIds))).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  /** Takes a step here and now, and tells the table behind; undefined when it doesn't apply. */
  const take = (targetId: string, transition: Transition): Promise<void> | undefined =>
    local.transit(targetId, transition) ? behind(() => sync.push(targetId, transition)) : undefined;

  const shareFailure = async (targetId: string): Promise<void> => {
    const { epoch } = local.view(targetId).circuit;
    const failures = await table.countFailure(targetId, epoch, now());
    const opening = local.opening(now());
    // What was counted says nothing about a circuit that has opened and closed meanwhile.
    if (isTripped(failures, settings)) {
      await take(targetId, (circuit) => (circuit.epoch === epoch ? opening(circuit) : circuit));
    }
  };

  let claims = 0;
  const claimProbe = (targetId: string): Probe | undefined | Promise<Probe | undefined> => {
    claims += 1;
    const me = `${owner}-${claims}`;
    const written = take(targetId, (circuit) => claim(circuit, me, now(), settings) ?? circuit);
    if (written === undefined) return undefined;
    const probe = (): Probe | undefined => {
      const { circuit } = local.view(targetId);
      const isMine = circuit.state === 'half-open' && circuit.probeOwner === me;
      return isMine ? { targetId, owner: me, opening: circuit.opening } : undefined;
    };
    return watch.isDegraded() ? probe() : atMost(SLOW_MS, written, startTimer).then(probe);
  };

  return {
    views: () => {
      if (elapsed() >= freshUntil) void refresh();
      return local.views;
    },
    claimProbe,
    report: (targetId, outcome, probe) => {
      const { transition, failure, cooldown } = local.conclude(targetId, outcome, probe, now());
      if (transition !== undefined) void take(targetId, transition);
      if (failure) void behind(() => shareFailure(targetId));
      if (cooldown !== undefined) void behind(() => table.writeCooldown(targetId, cooldown, now()));
    },
    reportHealth: (targetId, report) => {
      const health = afterProbe(local.view(targetId).health, report, now());
      local.change(targetId, { health });
      void behind(() => table.writeHealth(targetId, health, now()));
    },
    isDegraded: () => watch.isDegraded(),
    warmUp: () => atMost(SLOW_MS, refresh(), startTimer),
    settled: () => background.settled(),
  };
}

/** Work that nobody waits for. That it failed is known to the table's watch, which has told. */
function createBackground(): {
  readonly behind: (work: () => Promise<void>) => Promise<void>;
  readonly settled: () => Promise<void>;
} {
  const running = new Set<Promise<void>>();
  return {
    behind: (work) => {
      const mine: Promise<void> = work()
        .catch(() => undefined)
        .finally(() => running.delete(mine));
      running.add(mine);
      return mine;
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function watchedTable(table: CircuitTable, { watch }: TableWatch): CircuitTable {
  return {
    read: (...args) => watch(() => table.read(...args)),
    countFailure: (...args) => watch(() => table.countFailure(...args)),
    writeCircuit: (...args) => watch(() => table.writeCircuit(...args)),
    writeCooldown: (...args) => watch(() => table.writeCooldown(...args)),
    writeHealth: (...args) => watch(() => table.writeHealth(...args)),
  };
}

function atMost(
  milliseconds: number,
  work: Promise<void>,
  startTimer: SharedCircuitStoreOptions['startTimer'],
): Promise<void> {
  return new Promise((resolve) => {
    const timer = startTimer(milliseconds, resolve);
    void work.finally(() => {
      timer.cancel();
      resolve();
    });
  });
}
