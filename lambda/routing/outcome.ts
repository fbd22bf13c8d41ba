/** How one call of a target ended, as routing sees it, and which of those ends speak against the target. */
import type { FallbackTrigger } from '../config/gateway-config.ts';

export type Outcome =
  | { readonly kind: 'success' }
  /** No HTTP answer at all: refused, reset, DNS, TLS. `code` is the system's, e.g. ECONNREFUSED. */
  | { readonly kind: 'connection_error'; readonly code: string }
  /** The target's wall clock, or the request's deadline, ran out. */
  | { readonly kind: 'timeout' }
  /** A stream whose first content did not come in time. */
  | { readonly kind: 'first_token_timeout' }
  /** Too many requests, whichever status said so. */
  | { readonly kind: 'rate_limited'; readonly status: number; readonly retryAfterMs?: number }
  /** 401 or 403 that speaks of the key. */
  | { readonly kind: 'auth_failed'; readonly status: number }
  /** 403 (or any status) that speaks of funds, credits or billing. */
  | { readonly kind: 'out_of_funds'; readonly status: number }
  /** Any other status that is no 2xx. */
  | { readonly kind: 'http_error'; readonly status: number; readonly retryAfterMs?: number }
  /** The reply began and was cut, or its stream ended with neither finish_reason nor [DONE]. */
  | { readonly kind: 'broken_reply' }
  /** A 2xx whose body is no reply: empty, no JSON, the wrong form, the wrong content type. */
  | { readonly kind: 'malformed_reply' }
  /** We gave the call up for a reason of our own: the caller left, a policy blocked, the gateway drains. */
  | { readonly kind: 'cancelled' };

interface Meaning {
  /** Counts towards opening the circuit. */
  readonly isFailure: boolean;
  /** The configured trigger that it pulls; without one no other try could help. */
  readonly trigger?: FallbackTrigger;
  /** The target may have done the work, and billed it, although no usable answer came. */
  readonly mayBeBilled: boolean;
}

const MEANING: Readonly<Record<Outcome['kind'], Meaning>> = {
  success: { isFailure: false, mayBeBilled: false },
  connection_error: { isFailure: true, trigger: 'connection_error', mayBeBilled: true },
  timeout: { isFailure: true, trigger: 'timeout', mayBeBilled: true },
  first_token_timeout: { isFailure: true, trigger: 'timeout', mayBeBilled: true },
  rate_limited: { isFailure: false, trigger: 'rate_limit', mayBeBilled: false },
  auth_failed: { isFailure: false, mayBeBilled: false },
  out_of_funds: { isFailure: false, mayBeBilled: false },
  http_error: { isFailure: false, mayBeBilled: false },
  broken_reply: { isFailure: true, trigger: 'connection_error', mayBeBilled: true },
  malformed_reply: { isFailure: true, trigger: 'server_error', mayBeBilled: true },
  cancelled: { isFailure: false, mayBeBilled: false },
};

/** Whether the outcome counts towards opening the target's circuit: never a 4xx, never an end of our own making. */
export function isBreakerFailure(outcome: Outcome): boolean {
  return outcome.kind === 'http_error' ? outcome.status >= 500 : MEANING[outcome.kind].isFailure;
}

/** The configured trigger that the outcome pulls; undefined when no other try could help. */
export function triggerOf(outcome: Outcome): FallbackTrigger | undefined {
  if (outcome.kind !== 'http_error') return MEANING[outcome.kind].trigger;
  // 408 is the one 4xx that speaks of the far side's patience rather than of the request (RFC 9110, 15.5.9).
  if (outcome.status === 408) return 'timeout';
  return outcome.status >= 500 ? 'server_error' : undefined;
}

/** System codes after which the request surely never reached the far side. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** Whether the target may have done, and billed, the work although no usable answer came. */
export function mayHaveBeenBilled(outcome: Outcome): boolean {
  if (outcome.kind === 'connection_error' && NEVER_SENT.test(outcome.code)) return false;
  return MEANING[outcome.kind].mayBeBilled;
}
