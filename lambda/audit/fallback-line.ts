/** The last copy of an event that no store took: one line of the log, which an alarm watches for. */
import { canonicalJson, mended } from '../config/canonical-json.ts';
import type { Chainable } from './hash-chain.ts';
import { AUDIT_FALLBACK, type AuditLog } from './sink.ts';

/**
 * Writes the event into the log, with the reason.
 * @param stored The line as it was linked, where it has its place in a chain that goes on after it.
 */
export function lastCopy(log: AuditLog, event: Chainable, reason: string, stored?: string): void {
  const line = stored ?? canonicalJson(mended(event));
  log('error', AUDIT_FALLBACK, { event_id: event.event_id, reason, event: line });
}
