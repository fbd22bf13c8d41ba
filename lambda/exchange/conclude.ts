/** Ends a request: makes its decision event, has it stored, and says whether the answer may be completed. */
import type { DecisionEvent } from '../audit/decision-event.ts';
import { AuditUnavailable } from '../audit/sink.ts';
import { problem } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import { decisionEvent } from './decision.ts';
import { keepCapture } from './keep-capture.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';
import { traceRequest } from './trace-request.ts';

/** One line for a request that a policy stopped or escalated, at the level that its settings ask for. */
function logObjection({ services, config }: Runtime, event: DecisionEvent): void {
  if (event.verdict !== 'block' && event.verdict !== 'escalate') return;
  const entry = config.chain.find(({ kind }) => kind === event.policy_name);
  const level = entry?.kind === 'prompt-injection' ? entry.settings.logLevel : 'info';
  services.log(level, `a policy decided: ${event.verdict}`, {
    event_id: event.event_id,
    policy: event.policy_name,
    reason_code: event.reason_code,
  });
}

/**
 * One line for a request that failed through no fault of its caller: what an operator has to mend shows in the log.
 * What the gateway refuses on purpose, under load or switched off, is told by its events and metrics alone.
 */
function logFailure({ services }: Runtime, event: DecisionEvent): void {
  if (event.verdict !== 'error' || event.http_status < 500) return;
  if (event.reason_code.startsWith('gateway.')) return;
  services.log('warn', `a request failed: ${event.reason_code}`, {
    event_id: event.event_id,
    target_id: event.target_id ?? event.attempts.at(-1)?.target_id ?? null,
    http_status: event.http_status,
  });
}

/** Resolves when the event is safe; with the problem that the caller must be told when it could not be stored. */
export async function conclude(runtime: Runtime, record: ExchangeRecord): Promise<Problem | undefined> {
  const { services, metrics } = runtime;
  const event = decisionEvent(runtime, record);
  const storing = services.audit.append(event).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  // While the disk, or Firehose, is at it.
  metrics.count(event);
  services.onDecision?.(event);
  logObjection(runtime, event);
  logFailure(runtime, event);
  const failure = await storing;
  const unstored = failure && auditProblem(runtime, record, failure.cause);
  traceRequest(runtime, record, event, unstored);
  if (failure === undefined) keepCapture(runtime, record, event);
  return unstored;
}

function auditProblem({ services }: Runtime, record: ExchangeRecord, cause: unknown): Problem | undefined {
  const reason = cause instanceof AuditUnavailable ? cause.message : 'unexpected failure of the audit sink';
  services.log('error', 'evidence could not be stored', { event_id: record.eventId, reason });
  if (services.identity.failMode === 'allow') return undefined;
  return problem('audit_unavailable', 'the evidence of this request could not be stored', {
    retryAfterMs: 5000,
  });
}
