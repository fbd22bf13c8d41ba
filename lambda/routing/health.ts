/** What active probes know of a target, as a pure state: reachable, unreachable, or not known. */

/** Failed probes in a row after which a target is passed over. */
export const FAILURES_UNTIL_UNREACHABLE = 2;

export interface Health {
  /** Failed probes since the last good one. */
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly lastProbeAt: number;
  readonly latencyMs: number;
}

export type Reachability = 'reachable' | 'unreachable' | 'unknown';

/** What one probe saw; `reason` names the failure (a status or a system code), for logs. */
export type ProbeReport =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly latencyMs: number; readonly reason: string };

/** The health after one more probe. */
export function afterProbe(before: Health | undefined, report: ProbeReport, now: number): Health {
  const failures = report.ok ? 0 : (before?.failures ?? 0) + 1;
  return { failures, lastProbeAt: now, latencyMs: report.latencyMs };
}

/**
 * What the probes say now. News older than three intervals (at least two minutes) is no news: a prober that
 * died must not keep a target away. The same holds for news from the future.
 */
export function reachability(health: Health | undefined, now: number, intervalMs: number): Reachability {
  if (health === undefined) return 'unknown';
  const oldest = Math.max(3 * intervalMs, 120_000);
  if (Math.abs(now - health.lastProbeAt) > oldest) return 'unknown';
  if (health.failures === 0) return 'reachable';
  return health.failures >= FAILURES_UNTIL_UNREACHABLE ? 'unreachable' : 'unknown';
}
