/** What `policies` may say: which kinds run, in which order, under which conditions. */
import * as z from 'zod';
import { text } from './fields.ts';
import { POLICY_KINDS } from './kinds.ts';

const when = z.strictObject({
  path: z
    .string()
    .max(1000)
    .regex(/^\//)
    .optional()
    .meta({ allowed: 'a path that starts with `/`', description: 'Prefix of the request path.' }),
  header: z
    .record(
      z
        .string()
        .regex(/^[!#$%&'*+.^`|~\w-]{1,200}$/)
        .meta({ allowed: 'the name of an HTTP header (RFC 9110)' }),
      z.string().max(8000),
    )
    .optional()
    .meta({ description: 'Exact values by header name; names are compared without regard to case.' }),
  model: z.array(text(300)).min(1).optional().meta({ description: 'The request names one of these models.' }),
});

const conditions = z.strictObject({
  when: when
    .optional()
    .meta({ description: 'Every predicate given must hold, else the entry is passed over.' }),
  streaming_mode: z
    .enum(['realtime', 'buffered'])
    .default('realtime')
    .meta({ description: 'Buffered: nothing of a streamed answer is sent before all of it was judged.' }),
  mode: z
    .enum(['enforce', 'monitor'])
    .default('enforce')
    .meta({ description: 'Monitor: the verdict is recorded and nothing changes.' }),
});

const kindName = z.enum(POLICY_KINDS).meta({ description: 'A kind, run on every request.' });

/** The same conditions under whichever kind the entry names. */
const conditionalEntry = z.strictObject({
  'prompt-injection': conditions.optional(),
  'pii-detector': conditions.optional(),
  'safety-filter': conditions.optional(),
  'audit-logger': conditions.optional(),
});

export const policies = z.strictObject({
  chain: z
    .array(z.union([kindName, conditionalEntry]))
    .max(100)
    .meta({
      allowed: 'a list of kinds, each by name or as `kind: {when, streaming_mode, mode}`',
      description:
        'The policies in the order in which they run; each judges the text that the one before left, and the first block ends the chain.',
    }),
});

/** Keys of a conditional entry: where they stand one level too high, the indentation is wrong. */
export const CONDITION_KEYS: readonly string[] = Object.keys(conditions.shape);

export type ChainEntryFile = z.output<typeof policies>['chain'][number];
