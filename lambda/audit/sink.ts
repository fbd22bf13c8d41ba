/** Where decision events go. */
import type { DecisionEvent } from './decision-event.ts';

export interface AuditSink {
  /**
   * Links the event into this writer's chain and resolves once the event is safe (on disk, or accepted by the
   * delivery service). Rejects with AuditUnavailable when it is not.
   */
  append(event: DecisionEvent): Promise<void>;
  /** Resolves when everything appended so far is safe and the resources are given back. */
  close(): Promise<void>;
}

/** The event could not be made safe; the fail mode decides what the caller gets. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}
