/** Tells tracing of a request that is over and of the calls made for it, where the gateway traces at all. */
import type { DecisionEvent } from '../audit/decision-event.ts';
import type { Target } from '../config/gateway-config.ts';
import type { Problem } from '../http/problem.ts';
import type { CallTrace } from '../tracing/tracing.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';

/** Undefined where the request is not traced. */
export function traceCall(
  { services: { tracing } }: Runtime,
  { trace }: ExchangeRecord,
  target: Target,
  began: number,
): CallTrace | undefined {
  return trace === undefined ? undefined : tracing?.beginCall(trace, target, began);
}

/** @param unstored What the caller is told because the event could not be stored. */
export function traceRequest(
  { services: { tracing, elapsed } }: Runtime,
  record: ExchangeRecord,
  event: DecisionEvent,
  unstored: Problem | undefined,
): void {
  const { trace, startedAt, started, format } = record;
  if (trace === undefined || tracing === undefined) return;
  const status = unstored === undefined || hasBegunStream(record) ? event.http_status : unstored.status;
  const isUpset = event.verdict === 'error' || unstored !== undefined;
  const isFailure = isUpset && !record.clientClosed && (status < 400 || status >= 500);
  const error = unstored?.code ?? record.problem?.code ?? null;
  tracing.finish({
    trace,
    event,
    route: format.route,
    startedAt,
    started,
    ended: elapsed(),
    status: record.clientClosed ? null : status,
    error: record.clientClosed ? 'client_closed_request' : isFailure ? error : null,
    isFailure,
  });
}

/** Its status has gone out with its headers. */
function hasBegunStream({ stream, attempts, httpStatus }: ExchangeRecord): boolean {
  return stream && attempts.length > 0 && httpStatus === 200;
}
