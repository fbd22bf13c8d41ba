/** What an upstream may answer to do harm: the caller gets an error of the table, and the request leaves one event. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { aConfig, aGateway, targetsAt } from '../support/a-gateway.ts';
import { anAnsweringUpstream } from '../support/an-answering-upstream.ts';

const upstream = anAnsweringUpstream(() => ({ text: '{}' }));
const config = aConfig(
  `${targetsAt('http://127.0.0.1:9', ['gpt-4o'], ', circuit_breaker: {enabled: false}')}policies: {chain: [pii-detector]}\n`,
);
let digests = 0;
let failsAt = Number.POSITIVE_INFINITY;
const test = aGateway(config, {
  callUpstream: upstream.call,
  createDigest: () => {
    digests += 1;
    if (digests === failsAt) throw new SyntaxError('Unexpected token: secret words of the prompt');
    return { update: () => undefined, hex: () => 'digest' };
  },
});
afterAll(() => test.close());
beforeEach(() => {
  test.events.splice(0);
  test.log.splice(0);
  digests = 0;
  failsAt = Number.POSITIVE_INFINITY;
});

const CHAT = '/v1/chat/completions';
const ask = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const SSE = { 'content-type': 'text/event-stream' };
const word = 'data: {"choices":[{"index":0,"delta":{"content":"some words. "}}]}\n\n';

describe('an error of upstream', () => {
  const detailed = (message: string) => JSON.stringify({ error: { message, details: [{ reason: 'bad' }] } });
  it.each([
    [
      'whose status is an object that is no number',
      '{"message":"no","status":{"valueOf":1,"toString":1}}',
      'no',
    ],
    ['of thousands of line ends', `first${'\n'.repeat(4000)}last`, 'first'],
    ['of many blanks after a status', JSON.stringify({ message: `123${' '.repeat(60_000)}x` }), '123'],
    ['of many dots', detailed(`${'. '.repeat(30_000)}x`), '. . .'],
  ])('is read: one %s', async (_, text, begins) => {
    upstream.answer = () => ({ status: 400, text });
    const reply = await test.post(CHAT, ask);
    expect(reply).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
    expect(reply.text).toContain(`{"message":"${begins}`);
    expect(test.events).toMatchObject([{ verdict: 'error', http_status: 400 }]);
  });

  it('with status 409 is no verdict of a policy', async () => {
    upstream.answer = () => ({ status: 409, text: '{"error":{"message":"conflict"}}' });
    expect((await test.post(CHAT, ask)).headers).toMatchObject({ 'x-keeptrusts-verdict': 'error' });
    expect(test.events).toMatchObject([{ verdict: 'error', policy_name: null, http_status: 409 }]);
  });
});

describe('a stream of embeddings', () => {
  it('does not exist: what comes whole is passed on, and no target is blamed', async () => {
    upstream.answer = () => ({ text: '{"data":[]}' });
    const reply = await test.post('/v1/embeddings', { model: 'm', input: 'x', stream: true });
    expect(reply).toMatchObject({ status: 200, json: { data: [] } });
    expect(test.events).toMatchObject([{ stream: false, attempts: [{ error: null }] }]);
  });
});

describe('a fault of the gateway itself', () => {
  const inFlight = async () => {
    const { json } = await test.get('/keeptrusts/providers/metrics');
    return json;
  };

  it.each([
    ['before the first byte', 2, 500],
    ['between two chunks', 3, 200],
  ])('%s ends the call, leaves one event, and says nothing of the text', async (_, at, status) => {
    failsAt = at;
    const other = word.replace('"index":0', '"index":1');
    upstream.answer = () => ({ headers: SSE, text: word, more: [other, word, word] });
    const reply = await test.post(CHAT, { ...ask, stream: true });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain('"code":"internal_error"');
    expect(test.events).toMatchObject([
      { verdict: 'error', reason_code: 'gateway.internal_error', attempts: [{ error: 'internal_error' }] },
    ]);
    expect(test.log.join()).toContain('SyntaxError');
    expect(test.log.join()).not.toContain('secret words');
    expect(await inFlight()).toMatchObject({ providers: { t1: { in_flight: 0 } } });
  });
});
