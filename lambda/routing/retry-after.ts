/** Reads a Retry-After header (RFC 9110, 10.2.3): seconds or an HTTP date, bounded to what makes sense. */
import { LONGEST_REST_MS } from './cooldown.ts';

/**
 * Milliseconds to wait; undefined when the header is absent or says nothing. A date in the past and a zero are
 * 0; more than an hour is an hour. Fractions of seconds, which some vendors send, are read.
 *
 * @param now Milliseconds since the epoch.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d*)?$/.test(text)) return bounded(Number(text) * 1_000);
  // Every form of an HTTP date begins with the day's name; Date.parse alone would take "-5" and "1e3" for years.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : bounded(instant - now);
}

/** The header's value for the caller: whole seconds, at least one. */
export function formatRetryAfter(retryAt: number, now: number): string {
  return String(Math.max(1, Math.ceil(bounded(retryAt - now) / 1_000)));
}

function bounded(milliseconds: number): number {
  return Math.min(Math.max(0, Math.round(milliseconds)), LONGEST_REST_MS);
}
