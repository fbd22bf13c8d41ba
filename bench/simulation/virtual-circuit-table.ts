/** A circuits' table in memory, with the conditions of the real one and a price list; for tests and the simulation. */
import type { CircuitBreaker } from '../../lambda/config/gateway-config.ts';
import { UNKNOWN_CIRCUIT, type CircuitView } from '../../lambda/routing/availability.ts';
import { bucketsOf } from '../../lambda/routing/trip-rule.ts';
import type { CircuitTable } from '../../lambda/state/circuit-table.ts';

/** DynamoDB requests so far; a count is one write and one read. */
export interface Requests {
  reads: number;
  itemsRead: number;
  writes: number;
  refusedWrites: number;
}

export interface VirtualCircuitTable extends CircuitTable {
  readonly requests: Requests;
  /** What stands in the table, by target id. */
  readonly rows: Map<string, CircuitView>;
}

/** @param delay The time a request is under way, in whatever time the caller lives in. */
export function createVirtualCircuitTable(
  settings: CircuitBreaker,
  delay: () => Promise<void>,
): VirtualCircuitTable {
  const rows = new Map<string, CircuitView>();
  const buckets = new Map<string, number>();
  const requests: Requests = { reads: 0, itemsRead: 0, writes: 0, refusedWrites: 0 };
  const row = (id: string): CircuitView => rows.get(id) ?? UNKNOWN_CIRCUIT;

  /** Takes effect halfway, as a request does: the answer has to travel back. */
  const write = async (isAllowed: () => boolean, effect: () => void): Promise<boolean> => {
    requests.writes += 1;
    await delay();
    const allowed = isAllowed();
    if (allowed) effect();
    else requests.refusedWrites += 1;
    await delay();
    return allowed;
  };

  return {
    requests,
    rows,
    read: async (targetIds) => {
      requests.reads += 1;
      requests.itemsRead += targetIds.length;
      await delay();
      const views = new Map(targetIds.flatMap((id) => (rows.has(id) ? [[id, row(id)] as const] : [])));
      await delay();
      return { views, unread: new Set() };
    },
    countFailure: async (targetId, epoch, now) => {
      const key = (bucket: number): string => `${targetId}#${epoch}#${bucket}`;
      const [newest = 0, ...earlier] = bucketsOf(now, settings);
      requests.reads += 1;
      requests.itemsRead += earlier.length;
      let failures = 0;
      await write(
        () => true,
        () => {
          buckets.set(key(newest), (buckets.get(key(newest)) ?? 0) + 1);
          failures = [newest, ...earlier].reduce((sum, bucket) => sum + (buckets.get(key(bucket)) ?? 0), 0);
        },
      );
      return failures;
    },
    writeCircuit: async (targetId, circuit, expectedEpoch) => {
      let current = UNKNOWN_CIRCUIT;
      const isExpected = (): boolean => {
        current = row(targetId);
        return current.circuit.epoch === expectedEpoch;
      };
      const written = await write(isExpected, () => rows.set(targetId, { ...row(targetId), circuit }));
      return written ? { kind: 'written' } : { kind: 'conflict', current };
    },
    writeCooldown: async (targetId, cooldown) => {
      await write(
        () => (row(targetId).cooldown?.until ?? 0) < cooldown.until,
        () => rows.set(targetId, { ...row(targetId), cooldown }),
      );
    },
    writeHealth: async (targetId, health) => {
      await write(
        () => (row(targetId).health?.lastProbeAt ?? 0) < health.lastProbeAt,
        () => rows.set(targetId, { ...row(targetId), health }),
      );
    },
  };
}
