/** How a call of a target ended, for routing and for the caller. */
import { problem, ProblemError } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import type { Outcome } from '../routing/outcome.ts';
import { ConnectionFailure } from '../upstream/upstream-call.ts';
import { CallGivenUp } from './patience.ts';

/** A call that gave no answer, or not all of it. */
export interface CallFailure {
  readonly outcome: Outcome;
  /** What the caller is told when no other target answers. */
  readonly problem: Problem;
  /** Upstream's HTTP status, when one came. */
  readonly status: number | null;
}

export const MALFORMED_REPLY = 'upstream sent a reply that is not in its own format';

export function malformed(status: number, message: string = MALFORMED_REPLY): CallFailure {
  return {
    outcome: { kind: 'malformed_reply' },
    problem: problem('upstream_malformed', message),
    status,
  };
}

/** The reply began, then broke off. */
export function broken(status: number): CallFailure {
  return {
    outcome: { kind: 'broken_reply' },
    problem: problem('upstream_error', 'upstream broke off its reply before it was complete'),
    status,
  };
}

/**
 * Undefined for what is none of upstream's doing, nor of the caller's.
 * @param status of the reply when the failure came in its body; null before.
 */
export function failureOf(cause: unknown, status: number | null): CallFailure | undefined {
  if (cause instanceof ProblemError) {
    return { outcome: { kind: 'cancelled' }, problem: cause.problem, status };
  }
  if (cause instanceof CallGivenUp) return givenUp(cause, status);
  if (cause instanceof ConnectionFailure) {
    if (status !== null) return broken(status);
    return {
      outcome: { kind: 'connection_error', code: cause.code },
      problem: problem('upstream_error', `the connection to upstream failed (${cause.code})`),
      status,
    };
  }
  return undefined;
}

function givenUp({ why }: CallGivenUp, status: number | null): CallFailure {
  if (why === 'deadline') {
    return {
      outcome: { kind: 'timeout' },
      problem: problem('upstream_timeout', 'upstream did not complete its reply in time'),
      status,
    };
  }
  if (why === 'first_token') {
    return {
      outcome: { kind: 'first_token_timeout' },
      problem: problem('upstream_timeout', 'upstream sent no content in time'),
      status,
    };
  }
  return {
    outcome: { kind: 'cancelled' },
    problem: problem('client_closed_request', 'the caller went away'),
    status,
  };
}
