/** Where decision events go. */
import type { DecisionEvent } from './decision-event.ts';
import type { StartEvent } from './start-event.ts';

/** Keeps events; nothing counts as kept before append has resolved. */
export interface AuditSink {
  /**
   * Links the event into this writer's chain and resolves once the event is safe (on disk, or accepted by the
   * delivery service). Rejects with AuditUnavailable when it is not.
   */
  append(event: DecisionEvent): Promise<void>;
  /**
   * Writes the start record of a request behind whatever runs; absent where start records are not kept. An append
   * that is called later stands later in the chain. What is not stored is told in the log, and to nobody else: the
   * store that failed here decides about the answer when it is asked for the decision.
   */
  appendStart?(event: StartEvent): void;
  /** Gets ready for an append without waiting for it; called when a request begins, costs nothing when ready. */
  prepare?(): void;
  /** Resolves when everything appended so far is safe and the resources are given back. */
  close(): Promise<void>;
}

/** The event could not be made safe; the fail mode decides what the caller gets. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

/** Where sinks tell what they did and could not do; the gateway's log fits. */
export type AuditLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** The log message that an alarm watches for: its line is the only copy of an event that no store took. */
export const AUDIT_FALLBACK = 'AUDIT_FALLBACK';
