/** What a request asks of routing, and what it gets: the targets to try, in order, or why there are none. */
import type { GatewayConfig, Target } from '../config/gateway-config.ts';
import type { CircuitViews } from './availability.ts';
import type { Statistics } from './statistics.ts';

export interface PlanRequest {
  /** As the client names it; undefined when the body has none. */
  readonly model: string | undefined;
  /** What the A/B test sticks to; undefined when the request lacks it. */
  readonly stickyValue: string | undefined;
  /** Upper bound of the prompt's tokens (estimate-tokens.ts). */
  readonly promptTokens: number;
  /** max_tokens or max_completion_tokens, when the request says. */
  readonly maxTokens: number | undefined;
}

export interface PlanInput {
  readonly config: Pick<
    GatewayConfig,
    'targets' | 'modelGroups' | 'routing' | 'fallback' | 'circuitBreaker' | 'abTest'
  >;
  readonly request: PlanRequest;
  readonly circuits: CircuitViews;
  readonly statistics: Statistics;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Targets that can't be called at all, e.g. because their secret is missing. */
  readonly unavailable?: ReadonlySet<string>;
}

/** A target to try; with `probe` it may be called only after a probe was claimed for it. */
export interface PlannedTarget {
  readonly target: Target;
  readonly probe: boolean;
}

export type Plan = PlanOfTargets | PlanOfNone;

export interface PlanOfTargets {
  readonly kind: 'targets';
  /** At least one; at most one more than max_fallback_attempts are ever called. */
  readonly targets: readonly PlannedTarget[];
  /** Target id of the A/B variant this request belongs to, whether or not it can be called. */
  readonly variant?: string;
}

export interface PlanOfNone {
  readonly kind: 'none';
  readonly why: NoTarget;
  readonly variant?: string;
}

export type NoTarget =
  /** Larger than every candidate allows: 400 context_length_exceeded. `largest` is the widest limit in tokens. */
  | { readonly kind: 'context_too_large'; readonly largest: number; readonly asked: number }
  /** Every candidate's circuit is open: 503; `retryAt` is the earliest instant one may be called. */
  | { readonly kind: 'all_open'; readonly retryAt: number }
  /** Every candidate that is not open rests after a 429: 503 (or 429), `retryAt` as above. */
  | { readonly kind: 'all_cooling'; readonly retryAt: number }
  /** Every candidate lacks its secret: 503. */
  | { readonly kind: 'all_unavailable' };
