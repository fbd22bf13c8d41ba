/** The whole policy configuration file: every block, strict, with its documentation on the field. */
import * as z from 'zod';
import { policies } from './chain.ts';
import { text } from './fields.ts';
import {
  consumerGroups,
  cors,
  globalRateLimit,
  ipAllowlist,
  sizeLimits,
  tokenRateLimit,
  userRateLimit,
} from './limits.ts';
import { providers } from './routing.ts';
import { auditLogger } from './settings/audit-logger.ts';
import { piiDetector } from './settings/pii-detector.ts';
import { promptInjection } from './settings/prompt-injection.ts';
import { safetyFilter } from './settings/safety-filter.ts';
import { testing } from './suites.ts';

/** The grammar of semver.org, version 2.0.0. */
const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

const pack = z.strictObject({
  name: text(200).meta({ description: 'What the configuration is called in events and health.' }),
  version: z.string().max(128).regex(SEMVER).meta({
    allowed: 'a semantic version such as 1.0.0',
    description: 'Stands as config_version in every event.',
  }),
  enabled: z
    .boolean()
    .meta({ description: 'False is the master switch: every request is answered 503 gateway_disabled.' }),
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/)
    .optional()
    .meta({
      allowed: 'letters, digits, `.`, `_` and `-`, at most 200 characters',
      byDefault: 'made from the name',
      description: 'Stable identity of the pack.',
    }),
  author: text(200).optional().meta({ description: 'Who answers for it.' }),
  description: text(2000).optional().meta({ description: 'What it is for.' }),
});

/** Settings by kind; a kind without a block takes its defaults. */
const policy = z.strictObject({
  'prompt-injection': promptInjection.prefault({}),
  'pii-detector': piiDetector.prefault({}),
  'safety-filter': safetyFilter.prefault({}),
  'audit-logger': auditLogger.prefault({}),
});

const state = z.strictObject({
  dynamodb: z
    .strictObject({
      table: z
        .string()
        .regex(/^[A-Za-z0-9_.-]{3,255}$/)
        .meta({ allowed: 'the name of a DynamoDB table', description: 'Table that several gateways share.' }),
    })
    .optional(),
});

export const configFile = z.strictObject({
  pack,
  policies,
  policy: policy.prefault({}),
  providers,
  size_limits: sizeLimits.prefault({}),
  global_rate_limit: globalRateLimit.optional(),
  user_rate_limit: userRateLimit.optional(),
  token_rate_limit: tokenRateLimit.optional(),
  consumer_groups: consumerGroups.optional(),
  cors: cors.optional(),
  ip_allowlist: ipAllowlist.optional(),
  state: state.optional(),
  testing: testing.prefault({}),
});

/** A file that has passed the schema, defaults filled in. */
export type ConfigFile = z.output<typeof configFile>;
