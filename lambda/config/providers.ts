/** What `providers.targets[]` may say: the model endpoints. */
import * as z from 'zod';
import { flag, seconds, text, weight, whole } from './fields.ts';

const PRICE = z.number().min(0).max(1_000_000).meta({ unit: 'USD per 1,000,000 tokens' });

export const secretKeyRef = z.strictObject({
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/)
    .optional()
    .meta({
      allowed: 'the name of an environment variable',
      description: 'An environment variable; on AWS the key of that name in the stack’s secret.',
    }),
  store: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,128}$/)
    .optional()
    .meta({
      allowed: 'letters, digits, `_`, `-` and `.`, at most 128 characters',
      description: 'A key of the stack’s Secrets Manager secret.',
    }),
});

export const pricing = z.strictObject({
  prompt: PRICE.meta({ unit: 'USD per 1,000,000 tokens', description: 'Input tokens.' }),
  completion: PRICE.meta({ unit: 'USD per 1,000,000 tokens', description: 'Output tokens.' }),
  cached_prompt: PRICE.optional().meta({
    unit: 'USD per 1,000,000 tokens',
    byDefault: 'prompt',
    description: 'Input tokens that upstream had cached.',
  }),
});

const healthProbe = z.strictObject({
  enabled: flag(false, 'Asks the target regularly, without spending tokens, whether it is there.'),
  interval_seconds: seconds(1, 3600)
    .default(30)
    .meta({ unit: 'seconds', description: 'From one probe to the next.' }),
  timeout_seconds: seconds(1, 60)
    .default(5)
    .meta({ unit: 'seconds', description: 'A probe without an answer by then has failed.' }),
});

const dataPolicy = z.strictObject({
  zero_data_retention: flag(false, 'The vendor keeps nothing of a request.'),
  training_opt_out: flag(false, 'The vendor does not train on requests.'),
  retention_days: whole(0, 36_500)
    .optional()
    .meta({ unit: 'days', description: 'How long the vendor keeps requests.' }),
});

export const target = z.strictObject({
  id: z
    .string()
    .regex(/^[!-~]{1,128}$/)
    .meta({
      allowed: 'visible ASCII characters without spaces, at most 128',
      description: 'Unique name, used in headers, events, logs and routing.',
    }),
  provider: z
    .string()
    .max(400)
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}(?::chat:\S+)?$/)
    .meta({
      allowed: '`aimlapi`, the shorthand `aimlapi:chat:<model>`, or another name in lower case',
      description:
        'Whose endpoint it is. Any OpenAI-compatible provider works when base_url and secret_key_ref are given.',
    }),
  model: text(300).optional().meta({
    byDefault: 'the shorthand’s, else the client’s',
    description: 'Sent upstream as it stands and never checked against a list.',
  }),
  base_url: z.string().min(1).max(2000).optional().meta({
    allowed: 'an https URL without credentials, query and fragment (http for loopback addresses)',
    byDefault: 'https://api.aimlapi.com/v1 for aimlapi, else required',
    description: 'With or without a trailing slash; without a path, `/v1` is added.',
  }),
  secret_key_ref: secretKeyRef.optional().meta({
    allowed: '`{env: NAME}` or `{store: NAME}`',
    byDefault: '{env: AIMLAPI_KEY} for aimlapi, else required',
    description: 'Where the API key is found. The key itself never stands in this file.',
  }),
  format: z.enum(['openai']).default('openai').meta({ description: 'Wire format of the target.' }),
  timeout_seconds: seconds(1, 900).default(60).meta({
    unit: 'seconds',
    description: 'Wall clock of a request that is not streamed, the body included.',
  }),
  stream_timeout_seconds: seconds(1, 900).optional().meta({
    unit: 'seconds',
    byDefault: 'timeout_seconds',
    description: 'Wall clock of a streamed request.',
  }),
  max_context_tokens: whole(1, 100_000_000).optional().meta({
    unit: 'tokens',
    byDefault: 'no limit',
    description: 'A request whose estimated prompt and max_tokens exceed it is refused before it is sent.',
  }),
  description: text(500).optional().meta({ description: 'Label for people, in logs, health and events.' }),
  weight: weight().default(1).meta({
    allowed: 'a number above 0',
    description: 'Share under weighted_round_robin and random.',
  }),
  pricing: pricing.optional().meta({ description: 'Prices, for when upstream does not state the cost.' }),
  health_probe: healthProbe.prefault({}),
  data_policy: dataPolicy.optional().meta({ description: 'What the vendor promises about data.' }),
});

export type TargetFile = z.output<typeof target>;
