/** What `providers` may say beside its targets: choice, fallback, retry, breaker, experiment, groups. */
import * as z from 'zod';
import { flag, seconds, text, weight, whole } from './fields.ts';
import type { FallbackTrigger, Strategy } from './gateway-config.ts';
import { target } from './providers.ts';

export const STRATEGIES = [
  'single',
  'ordered',
  'round_robin',
  'weighted_round_robin',
  'random',
  'lowest_latency',
  'highest_throughput',
  'lowest_cost',
  'least_busy',
] as const satisfies readonly Strategy[];

/** Spellings of the triggers, and what each means. */
export const TRIGGERS = {
  rate_limit: 'rate_limit',
  server_error: 'server_error',
  timeout: 'timeout',
  connection_error: 'connection_error',
  rate_limit_exceeded: 'rate_limit',
  service_unavailable: 'server_error',
  '5xx': 'server_error',
} as const satisfies Readonly<Record<string, FallbackTrigger>>;

const TRIGGER_NAMES = [
  'rate_limit',
  'server_error',
  'timeout',
  'connection_error',
  'rate_limit_exceeded',
  'service_unavailable',
  '5xx',
] as const satisfies readonly (keyof typeof TRIGGERS)[];

const STRATEGY_DEFAULT = 'single for one target, ordered for several';
const strategy = z.enum(STRATEGIES).optional();

const routing = z.strictObject({
  strategy: strategy.meta({ byDefault: STRATEGY_DEFAULT, description: 'How a target is picked.' }),
  window_seconds: seconds(1, 86_400).default(300).meta({
    unit: 'seconds',
    description: 'What the measuring strategies look back on.',
  }),
  min_sample_count: whole(1, 10_000)
    .default(5)
    .meta({ unit: 'requests', description: 'A target with fewer in the window counts as unmeasured.' }),
});

const fallback = z.strictObject({
  enabled: z.boolean().optional().meta({
    byDefault: 'true with several targets and a strategy other than single',
    description: 'Tries the next target when one fails before its first content.',
  }),
  triggers: z
    .array(z.enum(TRIGGER_NAMES))
    .min(1)
    .default(['rate_limit', 'server_error', 'timeout', 'connection_error'])
    .meta({
      description:
        'Which failures lead on. rate_limit_exceeded means rate_limit; service_unavailable and 5xx mean server_error.',
    }),
  max_fallback_attempts: whole(0, 100)
    .default(3)
    .meta({ unit: 'targets', description: 'How many are tried after the first.' }),
  first_token_timeout_seconds: seconds(1, 900).default(20).meta({
    unit: 'seconds',
    description: 'A stream without content by then counts as a timeout.',
  }),
});

const retry = z.strictObject({
  max_retries: whole(0, 10)
    .default(1)
    .meta({ unit: 'tries', description: 'Further tries of the same target.' }),
  backoff_ms: whole(0, 60_000).default(200).meta({
    unit: 'milliseconds',
    description: 'Upper bound of the first wait, doubled for each further one (full jitter).',
  }),
  max_backoff_ms: whole(0, 60_000).default(2000).meta({
    unit: 'milliseconds',
    description: 'Longest wait; a longer Retry-After is not waited for.',
  }),
});

const circuitBreaker = z.strictObject({
  enabled: flag(true, 'Rests a target that keeps failing; one breaker per target.'),
  failure_threshold: whole(1, 10_000)
    .default(5)
    .meta({ unit: 'failures', description: 'How many within the window open it.' }),
  window_seconds: seconds(1, 3600).default(30).meta({ unit: 'seconds', description: 'That window.' }),
  cooldown_seconds: seconds(1, 3600).default(30).meta({
    unit: 'seconds',
    description: 'Rest before probes are let through; doubled with each failed probe.',
  }),
  max_cooldown_seconds: seconds(1, 86_400)
    .default(300)
    .meta({ unit: 'seconds', description: 'Longest rest.' }),
  half_open_max_requests: whole(1, 100).default(1).meta({
    unit: 'requests',
    description: 'Real requests let through as probes; all must succeed.',
  }),
});

const variant = z.strictObject({
  provider_id: text(128).meta({ description: 'Id of a target.' }),
  weight: weight().meta({ allowed: 'a number above 0', description: 'Share of the requests.' }),
});

const abTest = z.strictObject({
  enabled: flag(true, 'False keeps the experiment in the file without running it.'),
  sticky_by: z.enum(['user_id', 'conversation_id', 'request_id']).default('user_id').meta({
    description: 'What stays with its variant; user_id is the X-User-Id header, else the body’s `user`.',
  }),
  variants: z.array(variant).min(1).max(100).meta({ description: 'The targets compared, and their shares.' }),
});

const modelGroup = z.strictObject({
  name: text(300).meta({ description: 'What clients send as `model`.' }),
  targets: z.array(text(128)).min(1).meta({ description: 'Ids of targets, in order.' }),
  aliases: z.array(text(300)).default([]).meta({ description: 'Other names of the group.' }),
});

export const providers = z.strictObject({
  strategy: strategy.meta({ byDefault: STRATEGY_DEFAULT, description: 'Short for `routing.strategy`.' }),
  targets: z.array(target).min(1).max(1000).meta({ description: 'The model endpoints.' }),
  routing: routing.prefault({}),
  fallback: fallback.prefault({}),
  retry: retry.prefault({}),
  circuit_breaker: circuitBreaker.prefault({}),
  ab_test: abTest.optional(),
  model_groups: z.array(modelGroup).max(1000).default([]).meta({ description: 'Names for sets of targets.' }),
});

export type ProvidersFile = z.output<typeof providers>;
