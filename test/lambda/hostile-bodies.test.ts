/** Bodies made to cost more than their size, or to overflow what counts them: each is answered, and leaves one event. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { aConfig, aGateway, FOUR_POLICIES, targetsAt } from '../support/a-gateway.ts';
import { anAnsweringUpstream, type AnsweringUpstream } from '../support/an-answering-upstream.ts';

const upstream: AnsweringUpstream = anAnsweringUpstream(() => ({ text: '{"choices":[]}' }));
const test = aGateway(aConfig(targetsAt('http://127.0.0.1:9', ['claude-test']) + FOUR_POLICIES), {
  callUpstream: upstream.call,
});
afterAll(() => test.close());
beforeEach(() => void test.events.splice(0));

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const say = (content: unknown, more: object = {}) => ({
  model: 'm',
  messages: [{ role: 'user', content }],
  ...more,
});

describe('a body of many small things', () => {
  it.each([
    [
      'inputs of tools',
      '/v1/messages',
      {
        model: 'm',
        messages: [
          { role: 'assistant', content: times(8_000, () => ({ type: 'tool_use', input: { a: 'b' } })) },
        ],
      },
    ],
    [
      'arguments that are no text',
      '/v1/chat/completions',
      {
        model: 'm',
        messages: [
          { role: 'assistant', tool_calls: times(8_000, () => ({ function: { arguments: { a: 'b' } } })) },
        ],
      },
    ],
    [
      'orders to a computer',
      '/v1/responses',
      { model: 'm', input: times(8_000, () => ({ type: 'computer_call', action: { text: 'b' } })) },
    ],
    [
      'members that are null',
      '/v1/chat/completions',
      say('hi', Object.fromEntries(times(80_000, (index) => [`k${index}`, null]))),
    ],
    ['texts to embed', '/v1/embeddings', { model: 'm', input: times(130_000, () => 'ab') }],
  ])('is judged and sent: %s', { timeout: 20_000 }, async (_, path, body) => {
    expect((await test.post(path, body)).status).toBe(200);
    expect(test.events).toMatchObject([{ verdict: 'allow', http_status: 200 }]);
  });
});
