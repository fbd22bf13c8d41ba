/** The shared side of the circuits: what a store asks of DynamoDB, one call for one request. */
import type { CircuitView } from '../routing/availability.ts';
import type { Circuit } from '../routing/circuit.ts';
import type { Cooldown } from '../routing/cooldown.ts';
import type { Health } from '../routing/health.ts';

/** Every method rejects when the table doesn't answer within its time limit. */
export interface CircuitTable {
  /** The views of the targets that the table knows; what it could not read this time is left out as `unread`. */
  read(targetIds: readonly string[]): Promise<TableSnapshot>;
  /** Counts a failure seen while the circuit was in this epoch; the failures of that epoch within the window. */
  countFailure(targetId: string, epoch: number, now: number): Promise<number>;
  /** Writes the circuit if the table's epoch is still the expected one (0 also means: none there). */
  writeCircuit(targetId: string, circuit: Circuit, expectedEpoch: number, now: number): Promise<WriteResult>;
  /** Keeps the later of two rests. */
  writeCooldown(targetId: string, cooldown: Cooldown, now: number): Promise<void>;
  /** Keeps the later of two probes. */
  writeHealth(targetId: string, health: Health, now: number): Promise<void>;
}

export interface TableSnapshot {
  readonly views: ReadonlyMap<string, CircuitView>;
  readonly unread: ReadonlySet<string>;
}

export type WriteResult =
  | { readonly kind: 'written' }
  /** Somebody else was first; this is what stands there now. */
  | { readonly kind: 'conflict'; readonly current: CircuitView };
