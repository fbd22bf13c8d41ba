/** What is asked and answered in the measurements: clean prose, since that is what nearly all traffic is. */

/** A streamed answer: the model that gives it, and its chunks with content. */
export interface StreamKind {
  readonly model: string;
  readonly chunks: number;
}

export const PACED: StreamKind = { model: 'paced', chunks: 20 };
export const BURST: StreamKind = { model: 'burst', chunks: 500 };
/** 10 MB of text. */
export const LONG: StreamKind = { model: 'long', chunks: 10_000 };
/** Whole and streamed, as a quick model: the whole answer after some time, a chunk every few milliseconds. */
export const THOUGHTFUL = { model: 'thoughtful', chunks: 20, answerMs: 40, chunkMs: 2 } as const;

const PROSE =
  'The lighthouse keeper wrote down the weather each morning and evening, as her father had done before her. ' +
  'Some days there was little to say: a light breeze from the west, a few clouds, one ship far out. ' +
  'Other days she needed the whole page, and the margins too, for the storm that took the fence and most of the garden. ' +
  'Visitors asked whether it was lonely work. She said that a person who counts waves all day has plenty of company. ';

/** Prose of exactly so many characters. */
export const proseOf = (length: number): string =>
  PROSE.repeat(Math.ceil(length / PROSE.length)).slice(0, length);

export const answerText = proseOf(400);

/** So many words of prose, each with the space before it. */
export function answerTokens(count: number): readonly string[] {
  const words = PROSE.trim().split(' ');
  return Array.from({ length: count }, (_, index) => ` ${words[index % words.length] ?? ''}`);
}

/** The body of a request with a prompt of 300 characters. */
export const bodyFor = (model: string, stream: boolean): string =>
  JSON.stringify({ model, stream, messages: [{ role: 'user', content: proseOf(300) }] });

/** The configuration of the gateway: the four-policy chain of the AIML API page. */
export const policyConfig = (upstreamUrl: string): string => `
pack: {name: bench, version: 1.0.0, enabled: true}
policies:
  chain: [prompt-injection, pii-detector, safety-filter, audit-logger]
policy:
  prompt-injection: {threshold: 0.8, action: block}
  pii-detector: {action: redact}
  safety-filter: {mode: strict, action: block}
  audit-logger: {retention_days: 365}
providers:
  targets:
    - id: upstream
      provider: aimlapi
      base_url: ${upstreamUrl}
      secret_key_ref: {env: BENCH_KEY}
`;

/** The same for more work at once than the machine can do: nobody is given up for having to wait. */
export const patientConfig = (upstreamUrl: string): string =>
  `${policyConfig(upstreamUrl)}  fallback: {first_token_timeout_seconds: 600}\n`;
