/** A gateway before an upstream that answers with the test's own bytes, whole or streamed. */
import type { DecisionEvent } from '../../../lambda/audit/decision-event.ts';
import type { UpstreamReply, UpstreamRequest } from '../../../lambda/upstream/upstream-call.ts';
import { parseObject } from '../../../lambda/wire/json-value.ts';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aConfig, aGateway, FOUR_POLICIES } from '../../support/a-gateway.ts';
import type { Answered } from '../../support/a-gateway.ts';

export type Path = '/v1/chat/completions' | '/v1/completions' | '/v1/messages' | '/v1/responses';

/** At once, or in the given parts. */
export type Raw = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface Door {
  /** Streams these bytes from upstream, with the content type of a stream. */
  stream(path: Path, raw: Raw, ask?: JsonObject): Promise<Answered>;
  /** Answers with this JSON. */
  whole(path: Path, body: JsonObject | string, ask?: JsonObject): Promise<Answered>;
  /** What was sent upstream last. */
  readonly sent: string;
  /** Whether the last call of upstream was given up. */
  readonly isAborted: boolean;
  /** The event of the last answer. */
  readonly event: DecisionEvent;
  close(): Promise<void>;
}

const QUESTIONS: Readonly<Record<Path, JsonObject>> = {
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'go on' }] },
  '/v1/completions': { prompt: 'go on' },
  '/v1/messages': { max_tokens: 9, messages: [{ role: 'user', content: 'go on' }] },
  '/v1/responses': { input: 'go on' },
};

/** @param policies the blocks `policies` and `policy` of a configuration. */
export function aDoor(policies: string = FOUR_POLICIES): Door {
  let answer: { readonly raw: Raw; readonly type: string } = { raw: '', type: '' };
  let sent = '';
  let isAborted = false;
  const callUpstream = async ({ body, signal }: UpstreamRequest): Promise<UpstreamReply> => {
    sent = typeof body === 'string' ? body : new TextDecoder().decode(body);
    isAborted = false;
    signal.addEventListener('abort', () => (isAborted = true));
    return { status: 200, headers: { 'content-type': answer.type }, body: bytesOf(answer.raw) };
  };
  // Any OpenAI-compatible provider serves all four paths; AIML API has no completions.
  const target =
    '{id: t, provider: openai-compatible, secret_key_ref: {env: KEY}, base_url: "http://127.0.0.1:9"}';
  const gateway = aGateway(
    aConfig(`providers: {circuit_breaker: {enabled: false}, targets: [${target}]}\n${policies}`),
    { callUpstream },
  );
  const post = (path: Path, raw: Raw, type: string, body: JsonObject): Promise<Answered> => {
    answer = { raw, type };
    return gateway.post(path, { model: 'm', ...QUESTIONS[path], ...body });
  };
  return {
    stream: (path, raw, ask = {}) => post(path, raw, 'text/event-stream', { stream: true, ...ask }),
    whole: (path, body, ask = {}) =>
      post(path, typeof body === 'string' ? body : JSON.stringify(body), 'application/json', ask),
    get sent() {
      return sent;
    },
    get isAborted() {
      return isAborted;
    },
    get event() {
      const event = gateway.events.at(-1);
      if (event === undefined) throw new Error('no event was left');
      return event;
    },
    close: () => gateway.close(),
  };
}

async function* bytesOf(raw: Raw): AsyncGenerator<Uint8Array> {
  const parts = typeof raw === 'string' || raw instanceof Uint8Array ? [raw] : raw;
  for await (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}

/** Frames of data objects, or of JSON texts as they are spelled. */
export const frames = (...data: readonly (JsonObject | string)[]): string =>
  data
    .map((one) => {
      const type = typeof one === 'string' ? undefined : one['type'];
      const event = typeof type === 'string' ? `event: ${type}\n` : '';
      return `${event}data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`;
    })
    .join('');

export const DONE = 'data: [DONE]\n\n';

/** A chunk of chat completions with one choice. */
export const chatChunk = (delta: JsonObject, choice: JsonObject = {}): JsonObject => ({
  id: 'c',
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
});

/** Chunks of chat completions with these deltas, and a finish reason. */
export const chatStream = (...deltas: readonly JsonObject[]): string =>
  frames(...deltas.map((delta) => chatChunk(delta)), chatChunk({}, { finish_reason: 'stop' })) + DONE;

/** The data objects of a stream, [DONE] left out. */
export const dataOf = (text: string): readonly JsonObject[] =>
  text.split('\n').flatMap((line) => {
    const data = line.startsWith('data: ') ? parseObject(line.slice(6)) : undefined;
    return data === undefined ? [] : [data];
  });
