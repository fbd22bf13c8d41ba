/** The rest of a target that answered 429: how long it lasts and what ends it. */
import { hasPassed } from './circuit.ts';

/** First rest without a Retry-After; doubled on each further 429 up to LONGEST_OWN_REST_MS. */
export const FIRST_REST_MS = 5_000;
export const LONGEST_OWN_REST_MS = 60_000;

/** A Retry-After beyond this is cut: a target must not vanish for a day because of one header. */
export const LONGEST_REST_MS = 3_600_000;

export interface Cooldown {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Rests in a row that came without a Retry-After; each doubles the next. */
  readonly step: number;
}

/**
 * The rest after one more 429. Without a Retry-After it doubles when the target says 429 again within a minute
 * of its last rest; replies to calls that were under way when the rest began don't lengthen it.
 */
export function coolDown(
  before: Cooldown | undefined,
  now: number,
  retryAfterMs: number | undefined,
): Cooldown {
  const resting = before !== undefined && !hasPassed(before.until, now, LONGEST_REST_MS);
  if (retryAfterMs !== undefined) {
    const until = now + Math.min(Math.max(0, retryAfterMs), LONGEST_REST_MS);
    return { until: resting ? Math.max(before.until, until) : until, step: before?.step ?? 0 };
  }
  if (resting) return before;
  const isRecent = before !== undefined && Math.abs(now - before.until) <= LONGEST_OWN_REST_MS;
  const step = isRecent ? before.step + 1 : 1;
  return { until: now + ownRestMs(step), step };
}

function ownRestMs(step: number): number {
  return Math.min(FIRST_REST_MS * 2 ** (step - 1), LONGEST_OWN_REST_MS);
}
