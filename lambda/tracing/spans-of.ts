/** Makes the spans of a request that is over: one of the gateway's own, one for each call of a target. */
import type { PolicyResult } from '../audit/decision-event.ts';
import { callSpan } from './call-span.ts';
import { known, type SpanData, type SpanEvent } from './span-data.ts';
import type { TracedRequest } from './tracing.ts';

/** The request's own span comes first. */
export function spansOf(request: TracedRequest, scheme: 'http' | 'https'): readonly SpanData[] {
  const { calls } = request.trace;
  return [
    requestSpan(request, scheme),
    ...calls.map((call, index) => callSpan(request, call, index === calls.length - 1)),
  ];
}

/** By the semantic conventions for HTTP servers, with what the gateway decided beside them. */
function requestSpan(request: TracedRequest, scheme: 'http' | 'https'): SpanData {
  const { trace, event, startedAt, started, ended, error } = request;
  return {
    // Only paths of the gateway's own list get here, so the name takes few values.
    name: `POST ${event.route}`,
    kind: 'server',
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId !== undefined && { parentSpanId: trace.parentSpanId }),
    hasRemoteParent: trace.parentSpanId !== undefined,
    ...(trace.traceState !== undefined && { traceState: trace.traceState }),
    startMs: startedAt,
    endMs: startedAt + (ended - started),
    attributes: known({
      'http.request.method': 'POST',
      'http.route': event.route,
      'url.path': event.route,
      'url.scheme': scheme,
      'http.response.status_code': request.status,
      'error.type': error,
      'keeptrusts.event.id': event.event_id,
      'keeptrusts.verdict': event.verdict,
      'keeptrusts.reason_code': event.reason_code,
      'keeptrusts.policy': event.policy_name,
      'keeptrusts.blocked_phase': event.blocked_phase,
      'keeptrusts.degraded': event.degraded ? true : null,
      'keeptrusts.prompt_redacted': event.prompt_redacted ? true : null,
      'keeptrusts.client_closed': event.client_closed ? true : null,
      'keeptrusts.stream': event.stream,
      'keeptrusts.target.id': event.target_id,
      'keeptrusts.calls': trace.calls.length,
      'keeptrusts.strategy': event.strategy,
      'keeptrusts.variant': event.variant,
      'keeptrusts.consumer': event.consumer,
      'keeptrusts.gateway.id': event.gateway_id,
      'keeptrusts.config.version': event.config_version,
    }),
    events: event.policy_results.map((result) => policyEvent(request, result)),
    isError: request.isFailure,
  };
}

/** At the instant by which the policy had spoken: input before the first call, output by the end. */
function policyEvent({ trace, startedAt, started, ended }: TracedRequest, result: PolicyResult): SpanEvent {
  const at = result.phase === 'input' ? (trace.calls[0]?.began ?? ended) : ended;
  const entities = Object.entries(result.entities).map(([type, count]) => `${type}=${count}`);
  return {
    name: 'keeptrusts.policy',
    atMs: startedAt + (at - started),
    attributes: known({
      'keeptrusts.policy.kind': result.kind,
      'keeptrusts.policy.phase': result.phase,
      'keeptrusts.policy.mode': result.mode,
      'keeptrusts.policy.verdict': result.verdict,
      'keeptrusts.policy.reason_code': result.reason_code,
      'keeptrusts.policy.score': result.score,
      'keeptrusts.policy.latency_ms': result.latency_ms,
      'keeptrusts.policy.entities': entities.length > 0 ? entities : null,
    }),
  };
}
