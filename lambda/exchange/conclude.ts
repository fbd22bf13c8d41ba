/** Ends a request: makes its decision event, has it stored, and says whether the answer may be completed. */
import { AuditUnavailable } from '../audit/sink.ts';
import { problem } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import { decisionEvent } from './decision.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';

/** Resolves when the event is safe; with the problem that the caller must be told when it could not be stored. */
export async function conclude(runtime: Runtime, record: ExchangeRecord): Promise<Problem | undefined> {
  const { services, metrics } = runtime;
  const event = decisionEvent(runtime, record);
  metrics.count(event);
  try {
    await services.audit.append(event);
    return undefined;
  } catch (cause) {
    const reason = cause instanceof AuditUnavailable ? cause.message : 'unexpected failure of the audit sink';
    services.log('error', 'evidence could not be stored', { event_id: record.eventId, reason });
    if (services.identity.failMode === 'allow') return undefined;
    return problem('audit_unavailable', 'the evidence of this request could not be stored', {
      retryAfterMs: 5000,
    });
  }
}
