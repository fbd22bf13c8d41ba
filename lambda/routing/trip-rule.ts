/** When failures open a circuit: failure_threshold of them within window_seconds. Apart from the state machine. */
import type { CircuitBreaker } from '../config/gateway-config.ts';

/** The instants of the last failures, oldest first; never more than the threshold needs. */
export type RecentFailures = readonly number[];

/** The failures worth remembering after one more. */
export function withFailure(recent: RecentFailures, now: number, settings: CircuitBreaker): RecentFailures {
  // An instant ahead of now was taken before the clock jumped back: nobody can say how old it is.
  const known = recent.filter((at) => at <= now && now - at < settings.windowMs);
  return [...known, now].slice(-settings.failureThreshold);
}

/** Whether so many failures within the window open the circuit. */
export function isTripped(failures: number, settings: CircuitBreaker): boolean {
  return settings.enabled && failures >= settings.failureThreshold;
}

/** Shared failures are counted in buckets of at least so long. */
export const BUCKET_MS = 10_000;

/** A window is covered by at most so many buckets, whatever its length: they are read in one batch. */
const MOST_BUCKETS = 30;

/**
 * Numbers of the buckets that the window touches, the current one first. The oldest may reach back up to one
 * bucket beyond the window, so shared counting trips a little earlier than counting instants would, never later.
 */
export function bucketsOf(now: number, settings: CircuitBreaker): readonly number[] {
  const length = bucketLengthMs(settings);
  const newest = Math.floor(now / length);
  const oldest = Math.floor((now - settings.windowMs) / length);
  return Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);
}

/** Length of a bucket: ten seconds, more only for windows beyond five minutes. */
export function bucketLengthMs({ windowMs }: CircuitBreaker): number {
  return BUCKET_MS * Math.max(1, Math.ceil(windowMs / (BUCKET_MS * MOST_BUCKETS)));
}
