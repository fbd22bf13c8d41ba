/** The right to call a target once: what is taken when the call begins is given back when it is over. */
import type { Target } from '../config/gateway-config.ts';
import type { Probe } from '../routing/circuit.ts';
import type { Outcome } from '../routing/outcome.ts';
import type { PlannedTarget } from '../routing/plan.ts';
import type { CallTrace } from '../tracing/tracing.ts';
import type { Exchange } from './exchange.ts';
import { Patience } from './patience.ts';
import { traceCall } from './trace-request.ts';

export interface CallLease {
  readonly target: Target;
  readonly patience: Patience;
  readonly probe?: Probe;
  /** On the clock that never jumps. */
  readonly began: number;
  readonly trace?: CallTrace;
}

/** Undefined when the target's circuit asks for a probe and somebody else has it. */
export async function takeLease(
  exchange: Exchange,
  { target, probe: needsProbe }: PlannedTarget,
  remainingMs: number,
): Promise<CallLease | undefined> {
  const { runtime, record, request } = exchange;
  const { services, statistics, config } = runtime;
  const probe = needsProbe ? await services.circuits.claimProbe(target.id) : undefined;
  if (needsProbe && probe === undefined) return undefined;
  record.target = target;
  statistics.started(target.id, services.now());
  const began = services.elapsed();
  const trace = traceCall(runtime, record, target, began);
  const firstTokenMs = record.stream ? config.fallback.firstTokenTimeoutMs : undefined;
  return {
    target,
    patience: new Patience(request, remainingMs, firstTokenMs),
    began,
    ...(probe !== undefined && { probe }),
    ...(trace !== undefined && { trace }),
  };
}

export interface CallResult {
  readonly outcome: Outcome;
  readonly status: number | null;
  /** A code of the error table. */
  readonly error: string | null;
}

/** To be called once for each lease. */
export function endLease(exchange: Exchange, lease: CallLease, result: CallResult): void {
  const { runtime, record } = exchange;
  const { services, statistics } = runtime;
  const { target, patience, probe, began, trace } = lease;
  patience.release();
  const durationMs = services.elapsed() - began;
  record.upstreamMs += durationMs;
  if (trace !== undefined) {
    trace.ended = began + durationMs;
    trace.status = result.status;
    trace.error = result.error;
  }
  record.attempts.push({
    error: result.error,
    latency_ms: Math.round(durationMs * 1000) / 1000,
    status: result.status,
    target_id: target.id,
  });
  const isOk = result.outcome.kind === 'success';
  const usage = record.facts.usage;
  statistics.finished(target.id, services.now(), {
    ok: isOk,
    durationMs,
    ...(isOk && record.ttftMs !== null && { ttftMs: record.ttftMs }),
    ...(isOk &&
      usage !== undefined && { promptTokens: usage.inputTokens, completionTokens: usage.outputTokens }),
    ...(isOk && record.facts.costUsd !== undefined && { costUsd: record.facts.costUsd }),
  });
  services.circuits.report(target.id, result.outcome, probe);
}
