/** Choice, fallback, retry, breaker and experiment of the file as the gateway uses them. */
import type {
  AbTest,
  CircuitBreaker,
  Fallback,
  ModelGroup,
  Retry,
  Routing,
  Strategy,
} from './gateway-config.ts';
import { type ProvidersFile, TRIGGERS } from './routing.ts';

export interface ResolvedRouting {
  readonly routing: Routing;
  readonly fallback: Fallback;
  readonly retry: Retry;
  readonly circuitBreaker: CircuitBreaker;
  readonly abTest?: AbTest;
  readonly modelGroups: readonly ModelGroup[];
}

/** Fills in what depends on other fields, folds other spellings, turns seconds into milliseconds. */
export function resolveRouting(file: ProvidersFile): ResolvedRouting {
  const several = file.targets.length > 1;
  const strategy = file.strategy ?? file.routing.strategy ?? (several ? 'ordered' : 'single');
  const abTest = resolveAbTest(file.ab_test);
  return {
    routing: {
      strategy,
      windowMs: file.routing.window_seconds * 1000,
      minSampleCount: file.routing.min_sample_count,
    },
    fallback: resolveFallback(file.fallback, strategy, several),
    retry: {
      maxRetries: file.retry.max_retries,
      backoffMs: file.retry.backoff_ms,
      maxBackoffMs: file.retry.max_backoff_ms,
    },
    circuitBreaker: resolveBreaker(file.circuit_breaker),
    ...(abTest === undefined ? {} : { abTest }),
    modelGroups: file.model_groups,
  };
}

function resolveFallback(file: ProvidersFile['fallback'], strategy: Strategy, several: boolean): Fallback {
  return {
    enabled: strategy !== 'single' && (file.enabled ?? several),
    triggers: [...new Set(file.triggers.map((trigger) => TRIGGERS[trigger]))],
    maxAttempts: file.max_fallback_attempts,
    firstTokenTimeoutMs: file.first_token_timeout_seconds * 1000,
  };
}

function resolveBreaker(file: ProvidersFile['circuit_breaker']): CircuitBreaker {
  return {
    enabled: file.enabled,
    failureThreshold: file.failure_threshold,
    windowMs: file.window_seconds * 1000,
    cooldownMs: file.cooldown_seconds * 1000,
    maxCooldownMs: file.max_cooldown_seconds * 1000,
    halfOpenMaxRequests: file.half_open_max_requests,
  };
}

function resolveAbTest(file: ProvidersFile['ab_test']): AbTest | undefined {
  if (file?.enabled !== true) return undefined;
  return {
    stickyBy: file.sticky_by,
    variants: file.variants.map(({ provider_id: providerId, weight }) => ({ providerId, weight })),
  };
}
