/** What the gateway knows of its targets' circuits, shared or not: reads are synchronous, reports return at once. */
import type { Target, CircuitBreaker } from '../config/gateway-config.ts';
import type { CircuitViews } from '../routing/availability.ts';
import type { Probe } from '../routing/circuit.ts';
import type { ProbeReport } from '../routing/health.ts';
import type { Outcome } from '../routing/outcome.ts';

export interface CircuitStore {
  /**
   * What is known now, by target id. Never waits; may start a refresh behind the request. The map is live:
   * what a report changes is seen by the next read of it.
   */
  views(): CircuitViews;
  /**
   * Asks for the right to send one real request to a target whose circuit is due for a probe. Undefined when
   * somebody else has it. Waits at most 150 ms for a shared store, then decides alone.
   */
  claimProbe(targetId: string): Probe | undefined | Promise<Probe | undefined>;
  /**
   * Tells how a call of the target ended; once for each call, when it is over. The local view changes before
   * this returns, shared state afterwards. A call made under a probe must hand the probe back here.
   */
  report(targetId: string, outcome: Outcome, probe?: Probe): void;
  /** Tells what an active health probe saw. */
  reportHealth(targetId: string, report: ProbeReport): void;
  /** True while decisions rest on local knowledge alone because the shared store is slow or down. */
  isDegraded(): boolean;
  /** Fetches the first shared snapshot; resolves at the latest after 150 ms and never rejects. */
  warmUp(): Promise<void>;
  /** Resolves when all that was started behind requests is done; on Lambda to be awaited before the handler returns. */
  settled(): Promise<void>;
}

export interface CircuitStoreOptions {
  readonly targets: readonly Target[];
  readonly settings: CircuitBreaker;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
