/** Bodies made to cost more than their size, or to overflow what counts them: each is answered, and leaves one event. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { aConfig, aGateway, targetsAt } from '../support/a-gateway.ts';
import { anAnsweringUpstream } from '../support/an-answering-upstream.ts';

const EMPTY = { text: '{"choices":[]}' };
const upstream = anAnsweringUpstream(() => EMPTY);
const aChain = (kind: string) => {
  const targets = targetsAt('http://127.0.0.1:9', ['claude-test']);
  return aGateway(aConfig(`${targets}policies: {chain: [${kind}]}\n`), { callUpstream: upstream.call });
};
const test = aChain('pii-detector');
const scored = aChain('prompt-injection');
afterAll(() => Promise.all([test.close(), scored.close()]));
beforeEach(() => {
  test.events.splice(0);
  upstream.answer = () => EMPTY;
});

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
  ])('is judged and sent: %s', { timeout: 20_000 }, async (_, path, body) => {
    expect((await test.post(path, body)).status).toBe(200);
    expect(test.events).toMatchObject([{ verdict: 'allow', http_status: 200 }]);
  });

  it('is judged and sent: texts to embed', { timeout: 20_000 }, async () => {
    const body = { model: 'm', input: times(130_000, () => 'ab') };
    expect((await scored.post('/v1/embeddings', body)).status).toBe(200);
    expect(scored.events).toMatchObject([{ verdict: 'allow', http_status: 200 }]);
  });
});

describe('more findings than an event can name', () => {
  const EMAIL = 'a@b.co ';
  const many = EMAIL.repeat(150_000);
  const found = { verdict: 'redact', reason_code: 'pii.redacted' };

  it('are all redacted in a request', { timeout: 30_000 }, async () => {
    expect((await test.post('/v1/chat/completions', say(many))).status).toBe(200);
    expect(String(upstream.requests.at(-1)?.body)).not.toContain('a@b.co');
    expect(test.events).toMatchObject([{ ...found, policy_results: [{ entities: { EMAIL: 150_000 } }] }]);
    expect(test.events[0]?.redactions).toHaveLength(10_000);
    expect(test.events[0]?.truncated).toEqual({ redactions: 150_000 });
  });

  it('are all redacted in a stream', { timeout: 30_000 }, async () => {
    const chunk = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: EMAIL.repeat(1500) } }] })}\n\n`;
    const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    upstream.answer = () => ({
      text: chunk.repeat(100) + end,
      headers: { 'content-type': 'text/event-stream' },
    });
    const { text } = await test.post('/v1/chat/completions', say('hi', { stream: true }));
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(text).not.toContain('a@b.co');
    expect(test.events).toMatchObject([found]);
    expect(test.events[0]?.redactions).toHaveLength(10_000);
    expect(test.events[0]?.truncated).toEqual({ redactions: 150_000 });
  });
});
