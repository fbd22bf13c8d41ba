/** Targets, settings and chance for the routing tests. */
import type {
  CircuitBreaker,
  Fallback,
  GatewayConfig,
  Retry,
  Target,
} from '../../../lambda/config/gateway-config.ts';
import type { CircuitViews } from '../../../lambda/routing/availability.ts';
import type { PlanInput, PlanRequest } from '../../../lambda/routing/plan.ts';
import { createStatistics, type Statistics } from '../../../lambda/routing/statistics.ts';

export const NOW = Date.UTC(2026, 10, 1, 12);

export const BREAKER: CircuitBreaker = {
  enabled: true,
  failureThreshold: 5,
  windowMs: 30_000,
  cooldownMs: 30_000,
  maxCooldownMs: 300_000,
  halfOpenMaxRequests: 1,
};

export const FALLBACK: Fallback = {
  enabled: true,
  triggers: ['rate_limit', 'server_error', 'timeout', 'connection_error'],
  maxAttempts: 3,
  firstTokenTimeoutMs: 20_000,
};

export const RETRY: Retry = { maxRetries: 1, backoffMs: 200, maxBackoffMs: 2_000 };

export function aTarget(id: string, fields: Partial<Target> = {}): Target {
  return {
    id,
    provider: 'aimlapi',
    model: `vendor/${id}`,
    baseUrl: 'https://api.aimlapi.com/v1',
    secret: { env: 'AIMLAPI_KEY' },
    timeoutMs: 60_000,
    streamTimeoutMs: 60_000,
    weight: 1,
    healthProbe: { enabled: false, intervalMs: 30_000, timeoutMs: 5_000 },
    ...fields,
  };
}

/** The same numbers in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface PlanFields {
  readonly config?: Partial<Omit<GatewayConfig, 'routing'>>;
  readonly strategy?: GatewayConfig['routing']['strategy'];
  readonly request?: Partial<PlanRequest>;
  readonly circuits?: CircuitViews;
  readonly statistics?: Statistics;
  readonly random?: () => number;
  readonly unavailable?: ReadonlySet<string>;
}

export function aPlanInput(targets: readonly Target[], fields: PlanFields = {}): PlanInput {
  const routing = { strategy: fields.strategy ?? 'ordered', windowMs: 300_000, minSampleCount: 5 } as const;
  return {
    config: {
      targets,
      modelGroups: [],
      fallback: FALLBACK,
      circuitBreaker: BREAKER,
      ...fields.config,
      routing,
    },
    request: {
      model: undefined,
      stickyValue: undefined,
      promptTokens: 100,
      maxTokens: undefined,
      ...fields.request,
    },
    circuits: fields.circuits ?? new Map(),
    statistics: fields.statistics ?? createStatistics(routing),
    now: NOW,
    random: fields.random ?? (() => 0),
    ...(fields.unavailable && { unavailable: fields.unavailable }),
  };
}
