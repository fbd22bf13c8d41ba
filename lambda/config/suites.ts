/** What `testing` and the golden files may say: requests, and the verdicts expected for them. */
import * as z from 'zod';
import type { PolicyKind } from './gateway-config.ts';
import { text } from './fields.ts';
import { POLICY_KINDS } from './kinds.ts';

/** One request and what the chain, or one policy, must make of it. */
export interface SuiteCase {
  readonly name: string;
  readonly input: {
    readonly messages: readonly Readonly<Record<string, unknown>>[];
    readonly headers: Readonly<Record<string, string>>;
    /** Further fields of the request body, e.g. `model`, `stream`. */
    readonly request: Readonly<Record<string, unknown>>;
    /** The whole body that upstream answers; absent: the case ends with the input. */
    readonly upstreamResponse?: unknown;
  };
  readonly expected: {
    readonly verdict: 'allow' | 'redact' | 'block' | 'escalate';
    readonly reasonCode?: string;
    /** Texts that what is sent on must hold. */
    readonly contains: readonly string[];
    readonly notContains: readonly string[];
  };
}

export interface Suite {
  readonly name: string;
  /** The one kind to run; absent means the whole chain. */
  readonly target?: PolicyKind;
  readonly cases: readonly SuiteCase[];
}

const texts = z
  .union([text(10_000), z.array(text(10_000))])
  .default([])
  .meta({ allowed: 'a text or a list of texts' });

const object = z.record(z.string(), z.unknown());

export const goldenCase = z.strictObject({
  name: text(200).meta({ description: 'What the case shows.' }),
  input: z.strictObject({
    messages: z
      .array(z.looseObject({ role: text(50).meta({ description: 'As in a request.' }) }))
      .min(1)
      .meta({ description: 'The conversation, as in a request to /v1/chat/completions.' }),
    headers: z.record(z.string(), z.string()).default({}).meta({ description: 'Request headers.' }),
    request: object.default({}).meta({ description: 'Further fields of the request body.' }),
    upstream_response: z
      .unknown()
      .optional()
      .meta({ allowed: 'any value', description: 'The body that upstream answers.' }),
  }),
  expected: z.strictObject({
    verdict: z.enum(['allow', 'redact', 'block', 'escalate']).meta({ description: 'The chain’s verdict.' }),
    reason_code: z
      .string()
      .regex(/^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/)
      .optional()
      .meta({ allowed: 'a dotted code such as pii.redacted', description: 'The reason given for it.' }),
    contains: texts.meta({ description: 'What the text sent on must hold.' }),
    not_contains: texts.meta({ description: 'What the text sent on must not hold.' }),
  }),
});

export const testing = z.strictObject({
  suites: z
    .array(
      z.strictObject({
        name: text(200).meta({ description: 'Unique name.' }),
        target: z.enum(POLICY_KINDS).optional().meta({
          byDefault: 'the whole chain',
          description: 'The one kind to run; it must stand in the chain.',
        }),
        cases: z.array(goldenCase).min(1).max(10_000).meta({ description: 'The requests to try.' }),
      }),
    )
    .max(1000)
    .default([])
    .meta({ description: 'Suites that `kt policy test` runs.' }),
});

/** The case as the runner reads it. */
export function resolveCase(file: z.output<typeof goldenCase>): SuiteCase {
  const { input, expected } = file;
  const list = (written: string | readonly string[]) => (typeof written === 'string' ? [written] : written);
  return {
    name: file.name,
    input: {
      messages: input.messages,
      headers: Object.fromEntries(
        Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      request: input.request,
      ...(input.upstream_response === undefined ? {} : { upstreamResponse: input.upstream_response }),
    },
    expected: {
      verdict: expected.verdict,
      ...(expected.reason_code === undefined ? {} : { reasonCode: expected.reason_code }),
      contains: list(expected.contains),
      notContains: list(expected.not_contains),
    },
  };
}

/** The suites of a configuration file. */
export function resolveSuites(file: z.output<typeof testing>): readonly Suite[] {
  return file.suites.map((suite) => ({
    name: suite.name,
    ...(suite.target === undefined ? {} : { target: suite.target }),
    cases: suite.cases.map(resolveCase),
  }));
}
