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

const policy = z.strictObject({
  'prompt-injection': promptInjection.prefault({}).meta({
    description: 'Text that tries to change who instructs the model, or to get at its instructions.',
  }),
  'pii-detector': piiDetector
    .prefault({})
    .meta({ description: 'Personal data and secrets, in requests and in answers.' }),
  'safety-filter': safetyFilter
    .prefault({})
    .meta({ description: 'Harmful content, in requests and in answers.' }),
  'audit-logger': auditLogger.prefault({}).meta({ description: 'What is kept as evidence, and how long.' }),
});

const state = z.strictObject({
  dynamodb: z
    .strictObject({
      table: z
        .string()
        .regex(/^[A-Za-z0-9_.-]{3,255}$/)
        .meta({
          allowed: 'the name of a DynamoDB table',
          description:
            'Table that several gateways share: string partition key `id`, time-to-live attribute `ttl`. Region and credentials come from the usual AWS variables; the deployed function has a table of its own.',
        }),
    })
    .optional()
    .meta({ description: 'Shared state in DynamoDB; without it each gateway keeps its own.' }),
});

export const configFile = z.strictObject({
  pack: pack.meta({ description: 'What this configuration is.' }),
  policies: policies.meta({ description: 'Which policies run.' }),
  policy: policy
    .prefault({})
    .meta({ description: 'Settings by kind; a kind without a block takes its defaults.' }),
  providers: providers.meta({ description: 'Where requests go.' }),
  size_limits: sizeLimits.prefault({}).meta({ description: 'How large requests and answers may be.' }),
  global_rate_limit: globalRateLimit.optional().meta({ description: 'Requests of all callers together.' }),
  user_rate_limit: userRateLimit.optional().meta({ description: 'Requests of one user.' }),
  token_rate_limit: tokenRateLimit.optional().meta({ description: 'Tokens in a window of time.' }),
  consumer_groups: consumerGroups.optional().meta({ description: 'What the callers of one group may do.' }),
  cors: cors.optional().meta({ description: 'Whether browsers may call from other origins.' }),
  ip_allowlist: ipAllowlist.optional().meta({ description: 'From which addresses callers may come.' }),
  state: state.optional().meta({ description: 'Where several gateways share what they know.' }),
  testing: testing.prefault({}).meta({ description: 'Requests with the verdicts expected for them.' }),
});

/** A file that has passed the schema, defaults filled in. */
export type ConfigFile = z.output<typeof configFile>;
