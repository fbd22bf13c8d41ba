/** What to do after an attempt: try the same target again, the next one, or give up. */
import type { Fallback, Retry, Target } from '../config/gateway-config.ts';
import type { Outcome } from './outcome.ts';
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
  /** Whether the last target may still be called (its circuit is closed, it doesn't rest). */
  readonly sameTargetReady: boolean;
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
