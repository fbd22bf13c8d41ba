/** Stands in for upstream in a policy test: keeps what it was sent, answers what the case says. */
import type { CallUpstream } from '../../lambda/upstream/upstream-call.ts';
import { isObject, listOf, parseObject, type JsonObject } from '../upstream/json.ts';

export interface ScriptedCall {
  readonly call: CallUpstream;
  /** Bodies, in the order in which they came. */
  readonly sent: readonly string[];
}

/** @param response The whole body that is answered; a text is the assistant's message; undefined a plain one. */
export function scriptedCall(response: unknown): ScriptedCall {
  const sent: string[] = [];
  return {
    sent,
    call: ({ body = '' }) => {
      const text = typeof body === 'string' ? body : Buffer.from(body).toString();
      sent.push(text);
      const request = parseObject(text) ?? {};
      const isStream = request['stream'] === true;
      const answer = wholeAnswer(response, request);
      const bytes = Buffer.from(isStream ? framesOf(answer) : JSON.stringify(answer));
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' },
        body: once(bytes),
      });
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

function wholeAnswer(response: unknown, { model }: JsonObject): JsonObject {
  if (isObject(response)) return response;
  const content = typeof response === 'string' ? response : 'This is the answer of a policy test.';
  return {
    id: 'chatcmpl-test',
    object: 'chat.completion',
    created: 0,
    model: model ?? 'test',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

/** The same answer as a stream: one frame for each word, so that a policy is tested over borders. */
function framesOf(answer: JsonObject): string {
  const chunk = (choices: readonly object[]): string =>
    `data: ${JSON.stringify({ ...answer, object: 'chat.completion.chunk', usage: undefined, choices })}\n\n`;
  const frames = listOf(answer['choices'])
    .filter(isObject)
    .flatMap(({ index = 0, message, finish_reason: finish = 'stop' }) => {
      const { content, ...rest } = isObject(message) ? message : {};
      const words = typeof content === 'string' ? content.split(/(?<=\s)/) : [];
      const deltas = [rest, ...words.map((word) => ({ content: word }))];
      const parts = deltas.map((delta) => chunk([{ index, delta, finish_reason: null }]));
      return [...parts, chunk([{ index, delta: {}, finish_reason: finish }])];
    });
  return `${frames.join('')}data: [DONE]\n\n`;
}
