/** What the top-level blocks about size, rate and access may say. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { flag, seconds, text, whole } from './fields.ts';

const count = whole(1, 1_000_000_000_000);
const usd = z.number().gt(0).max(1_000_000_000).meta({ unit: 'USD' });
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^`|~\w-]{1,200}$/)
  .meta({ allowed: 'the name of an HTTP header (RFC 9110)' });

export const sizeLimits = z.strictObject({
  max_body_bytes: whole(1024, 1_073_741_824).default(4_194_304).meta({
    unit: 'bytes',
    description: 'Largest request body, decoded; beyond it 413. On AWS a function takes 6 MB at most.',
  }),
  max_response_bytes: whole(1024, 1_073_741_824)
    .default(10_485_760)
    .meta({ unit: 'bytes', description: 'Largest answer of upstream that is not streamed; beyond it 502.' }),
});

const window = seconds(1, 86_400).meta({
  unit: 'seconds',
  description: 'Fixed windows, aligned to the epoch.',
});

export const globalRateLimit = z.strictObject({
  max_requests: count.meta({ unit: 'requests', description: 'In one window, from all callers together.' }),
  window_seconds: window,
});

export const userRateLimit = z.strictObject({
  max_requests: count.meta({ unit: 'requests', description: 'In one window, from one user.' }),
  window_seconds: window,
  header_names: z
    .array(headerName)
    .min(1)
    .default(['x-user-id'])
    .meta({ description: 'The first of these headers that is present names the user.' }),
});

export const tokenRateLimit = z.strictObject({
  max_tokens: count.meta({ unit: 'tokens', description: 'In one window, input and output together.' }),
  window_seconds: window,
  scope: z
    .enum(['global', 'user', 'consumer_group'])
    .default('global')
    .meta({ description: 'Whose tokens are counted together.' }),
});

const consumerGroup = z.strictObject({
  name: text(200).meta({ description: 'The group that a gateway key names.' }),
  allowed_models: z
    .array(text(300))
    .default([])
    .meta({ description: 'Models the group may ask for, `*` for any characters; empty means all.' }),
  rate_limits: z
    .strictObject({
      requests_per_minute: count.optional().meta({ unit: 'requests', byDefault: 'no limit' }),
      tokens_per_minute: count.optional().meta({ unit: 'tokens', byDefault: 'no limit' }),
      tokens_per_day: count.optional().meta({ unit: 'tokens', byDefault: 'no limit' }),
    })
    .prefault({}),
  budget: z
    .strictObject({
      usd_per_day: usd.optional().meta({ unit: 'USD', byDefault: 'no limit' }),
      usd_per_month: usd.optional().meta({ unit: 'USD', byDefault: 'no limit' }),
    })
    .prefault({}),
});

export const consumerGroups = z.array(consumerGroup).max(1000);

export const cors = z.strictObject({
  enabled: flag(false, 'Answers browsers’ preflight requests and adds the headers they need.'),
  allow_origins: z.array(text(500)).default([]).meta({ description: 'Origins, or `*`.' }),
  allow_methods: z.array(text(20)).default(['GET', 'POST', 'OPTIONS']).meta({ description: 'Methods.' }),
  allow_headers: z
    .array(headerName)
    .default(['Content-Type', 'Authorization'])
    .meta({ description: 'Request headers.' }),
});

const cidr = z.string().refine(isCidr).meta({ allowed: 'a range such as 10.0.0.0/8 or 2001:db8::/32' });

export const ipAllowlist = z.strictObject({
  enabled: flag(true, 'Refuses callers from other addresses with 403.'),
  cidrs: z.array(cidr).min(1).max(10_000).meta({ description: 'Address ranges that may call.' }),
  trust_proxy_depth: whole(0, 10)
    .default(0)
    .meta({ unit: 'proxies', description: 'How many proxies in front are trusted for X-Forwarded-For.' }),
});

/** True for an address range in CIDR notation (RFC 4632, RFC 4291). */
function isCidr(written: string): boolean {
  const [address = '', prefix = '', ...rest] = written.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  return Number(prefix) <= (version === 4 ? 32 : 128);
}
