/** What to do after an attempt: try the same target again, the next one, or give up. */
import type { Fallback, Retry, SecretRef, Target } from '../config/gateway-config.ts';
import { mayHaveBeenBilled, triggerOf, type Outcome } from './outcome.ts';
import type { PlannedTarget } from './plan.ts';

export interface Attempt {
  readonly target: Target;
  readonly outcome: Outcome;
  /** Whether this attempt was made with a secret read afresh after a 401 or 403. */
  readonly freshSecret?: boolean;
}

export interface FallBackInput {
  readonly fallback: Fallback;
  readonly retry: Retry;
  /** All attempts of this request in order; the last one has just ended. */
  readonly attempts: readonly Attempt[];
  /** Planned targets after the last one tried, in order, without those that have become unavailable since. */
  readonly remaining: readonly PlannedTarget[];
  /** Whether the last target's circuit is still closed. That it rests after its own 429 doesn't matter here. */
  readonly circuitClosed: boolean;
  /** Whether the first content byte, or the headers, have gone to the client. */
  readonly contentSent: boolean;
  /** Milliseconds until the request is given up. */
  readonly remainingMs: number;
  /** From 0 (inclusive) to 1 (exclusive), for the jitter. */
  readonly random: number;
}

export type NextStep =
  | {
      readonly kind: 'retry';
      readonly target: Target;
      readonly afterMs: number;
      /** Forget the cached secret first. */
      readonly refreshSecret: boolean;
      /** The attempt before may have been billed: say so in the event. */
      readonly mayBillTwice: boolean;
    }
  | { readonly kind: 'fall_back'; readonly to: PlannedTarget; readonly mayBillTwice: boolean }
  | { readonly kind: 'give_up'; readonly because: GiveUpReason };

export type GiveUpReason =
  /** It went well, or the caller is gone. */
  | 'done'
  | 'content_sent'
  /** Another try could not change the answer, or the configuration names no such trigger. */
  | 'not_worth_another_try'
  | 'no_target_left'
  | 'attempts_used_up'
  | 'deadline';

/** What to do now that the last attempt has ended. */
export function nextStep(input: FallBackInput): NextStep {
  const last = input.attempts.at(-1);
  if (last === undefined || last.outcome.kind === 'success' || last.outcome.kind === 'cancelled') {
    return giveUp('done');
  }
  if (input.contentSent) return giveUp('content_sent');
  if (input.remainingMs <= 0) return giveUp('deadline');
  return trySameTarget(input, last) ?? tryNextTarget(input, last);
}

function trySameTarget(input: FallBackInput, { target, outcome }: Attempt): NextStep | undefined {
  const mayBillTwice = mayHaveBeenBilled(outcome);
  if (outcome.kind === 'auth_failed') {
    const refreshed = input.attempts.some(
      (attempt) => attempt.freshSecret === true && secretKey(attempt.target) === secretKey(target),
    );
    return refreshed ? undefined : { kind: 'retry', target, afterMs: 0, refreshSecret: true, mayBillTwice };
  }
  if (!isWorthRepeating(outcome) || !input.circuitClosed) return undefined;
  const retries = input.attempts.filter(
    (attempt) => attempt.target.id === target.id && attempt.freshSecret !== true,
  ).length;
  if (retries > input.retry.maxRetries) return undefined;
  const afterMs = waitBeforeRetry(input, outcome, retries - 1);
  if (afterMs === undefined || afterMs >= input.remainingMs) return undefined;
  return { kind: 'retry', target, afterMs, refreshSecret: false, mayBillTwice };
}

/** Never after a timeout: the target may still be at work on the first one, and would be paid for both. */
function isWorthRepeating(outcome: Outcome): boolean {
  if (outcome.kind === 'timeout' || outcome.kind === 'first_token_timeout') return false;
  // Without Retry-After a target that says 429 rests longer than any retry waits.
  if (outcome.kind === 'rate_limited') return outcome.retryAfterMs !== undefined;
  return triggerOf(outcome) !== undefined;
}

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), but not before upstream's Retry-After. */
function waitBeforeRetry(input: FallBackInput, outcome: Outcome, earlier: number): number | undefined {
  const { backoffMs, maxBackoffMs } = input.retry;
  const jittered = input.random * Math.min(maxBackoffMs, backoffMs * 2 ** earlier);
  const asked = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? 0) : 0;
  return asked > maxBackoffMs ? undefined : Math.max(asked, Math.round(jittered));
}

function tryNextTarget(input: FallBackInput, { outcome }: Attempt): NextStep {
  if (!mayFallBack(outcome, input.fallback)) return giveUp('not_worth_another_try');
  if (!input.fallback.enabled) return giveUp('no_target_left');
  const called = new Set(input.attempts.map(({ target }) => target.id));
  if (called.size > input.fallback.maxAttempts) return giveUp('attempts_used_up');
  const refused = new Set(
    input.attempts
      .filter((attempt) => isRefusalOfKey(attempt.outcome))
      .map(({ target }) => secretKey(target)),
  );
  const to = input.remaining.find(({ target }) => !called.has(target.id) && !refused.has(secretKey(target)));
  if (to === undefined) return giveUp('no_target_left');
  return { kind: 'fall_back', to, mayBillTwice: mayHaveBeenBilled(outcome) };
}

function mayFallBack(outcome: Outcome, fallback: Fallback): boolean {
  if (isRefusalOfKey(outcome)) return true;
  const trigger = triggerOf(outcome);
  return trigger !== undefined && fallback.triggers.includes(trigger);
}

/** An empty account or a wrong key fails the same way at every target that shares it. */
function isRefusalOfKey(outcome: Outcome): boolean {
  return outcome.kind === 'auth_failed' || outcome.kind === 'out_of_funds';
}

function secretKey({ secret }: { readonly secret: SecretRef }): string {
  return 'env' in secret ? `env:${secret.env}` : `store:${secret.store}`;
}

function giveUp(because: GiveUpReason): NextStep {
  return { kind: 'give_up', because };
}
