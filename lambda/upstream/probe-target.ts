/** Asks a target for its list of models: shows whether it can be reached, and spends no tokens. */
import type { Target } from '../config/gateway-config.ts';
import type { ProbeReport } from '../routing/health.ts';
import { targetUrl } from './target-request.ts';
import { ConnectionFailure, type CallUpstream } from './upstream-call.ts';

export interface ProbeNeeds {
  readonly callUpstream: CallUpstream;
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  /** The target's key; without one the question is asked without, which AIML API answers all the same. */
  readonly secret: string | undefined;
}

/**
 * One probe. Any answer below 500 shows that somebody is there: a wrong key or a missing route is no outage, and
 * what to do about them is not for the probe to say. Never throws.
 */
export async function probeTarget(target: Target, needs: ProbeNeeds): Promise<ProbeReport> {
  const startedAt = needs.elapsed();
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(target.healthProbe.timeoutMs)]);
  const reason = await failureOf(target, needs, signal);
  const latencyMs = Math.round(needs.elapsed() - startedAt);
  // The status is the answer; the list itself can be half a megabyte.
  enough.abort();
  return reason === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, reason };
}

async function failureOf(
  target: Target,
  { callUpstream, secret }: ProbeNeeds,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await callUpstream({
      method: 'GET',
      url: targetUrl(target, '/models'),
      headers: {
        accept: 'application/json',
        'user-agent': 'keeptrusts-gateway',
        ...(secret !== undefined && { authorization: `Bearer ${secret.trim()}` }),
      },
      signal,
    });
    return status < 500 ? undefined : `status ${status}`;
  } catch (error) {
    if (signal.aborted) return 'timeout';
    if (error instanceof ConnectionFailure) return error.code;
    return error instanceof Error ? error.name : 'failed';
  }
}
