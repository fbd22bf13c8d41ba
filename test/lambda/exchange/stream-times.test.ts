/** Streams and time: when headers go out, signs of life, deadlines, and a caller who leaves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayReply } from '../../../lambda/http/gateway-request.ts';
import { aConfig, aGateway, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';
import type { TestGateway } from '../../support/a-gateway.ts';
import { aChunk, aScriptedUpstream } from '../../support/scripted-upstream.ts';
import type { ScriptedUpstream } from '../../support/scripted-upstream.ts';

const DONE = 'data: [DONE]\n\n';
const PING = ': ping\n\n';

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let caller: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  upstream = aScriptedUpstream();
  caller = new AbortController();
  gateway = open(FOUR_POLICIES);
});
afterEach(() => vi.useRealTimers());

const open = (chain: string) =>
  aGateway(aConfig(targetsAt('http://127.0.0.1:9/v1') + chain), {
    callUpstream: upstream.call,
    now: Date.now,
    elapsed: Date.now,
  });

function ask(at: TestGateway = gateway): Promise<GatewayReply> {
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  async function* once() {
    yield Buffer.from(body);
  }
  return at.gateway.handle({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: once(),
    signal: caller.signal,
  });
}

/** The reply's writes, read one by one. */
function reader({ body }: GatewayReply): AsyncIterator<string | Uint8Array> {
  if (typeof body === 'string' || body instanceof Uint8Array) throw new Error('the reply is no stream');
  return body[Symbol.asyncIterator]();
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => (settled = true));
  await vi.advanceTimersByTimeAsync(0);
  return settled;
};

describe('headers of a stream', () => {
  it('wait for content that can be shown, role chunk and held text passed over', async () => {
    const reply = ask();
    upstream.send(aChunk({ role: 'assistant', content: '' }));
    expect(await isSettled(reply)).toBe(false);
    upstream.send(aChunk({ content: 'Hello' }));
    expect(await isSettled(reply)).toBe(false);
    upstream.send(aChunk({ content: ' there' }));
    expect(await isSettled(reply)).toBe(true);
    expect((await reply).status).toBe(200);
  });

  it('go out with a ping after five seconds of silence, and not before', async () => {
    const reply = ask();
    await vi.advanceTimersByTimeAsync(4999);
    expect(await isSettled(reply)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reader(await reply).next()).value).toBe(PING);
  });

  it('never go out when the answer is blocked before any of it was sent', async () => {
    const blocking = open(`
policies: {chain: [safety-filter, audit-logger]}
policy:
  safety-filter: {mode: lenient, block_if: ["open sesame"]}
  audit-logger: {retention_days: 1}
`);
    const reply = ask(blocking);
    upstream.send(aChunk({ content: 'open ses' }) + aChunk({ content: 'ame now' }));
    expect(await reply).toMatchObject({ status: 409, headers: { 'x-should-retry': 'false' } });
    expect(blocking.events).toMatchObject([{ verdict: 'block', blocked_phase: 'output', http_status: 409 }]);
    await upstream.left;
  });
});

describe('a stream under way', () => {
  it('pings every fifteen seconds while upstream is silent', async () => {
    const reply = ask();
    upstream.send(aChunk({ content: 'Hello there ' }));
    const writes = reader(await reply);
    await writes.next();
    for (let count = 0; count < 2; count += 1) {
      const next = writes.next();
      await vi.advanceTimersByTimeAsync(14_999);
      expect(await isSettled(next)).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect((await next).value).toBe(PING);
    }
  });

  it('ends with an error event at its deadline, without [DONE]', async () => {
    const reply = ask();
    upstream.send(aChunk({ content: 'Hello there ' }));
    const writes = reader(await reply);
    await writes.next();
    let text = '';
    const rest = (async () => {
      for (let step = await writes.next(); step.done !== true; step = await writes.next())
        text += String(step.value);
    })();
    await vi.advanceTimersByTimeAsync(60_000);
    await rest;
    expect(text).toContain('"code":"upstream_timeout"');
    expect(text).not.toContain(DONE);
    expect(gateway.events).toMatchObject([
      { verdict: 'error', reason_code: 'upstream.timeout', usage_estimated: true },
    ]);
    await upstream.left;
  });

  it('holds [DONE] back until the evidence is safe', async () => {
    let accept: () => void = () => undefined;
    const accepted = new Promise<void>((resolve) => (accept = resolve));
    const slow = aGateway(gateway.config, {
      callUpstream: upstream.call,
      audit: { append: () => accepted, close: async () => undefined },
    });
    const reply = ask(slow);
    upstream.send(aChunk({ content: 'Hello there ' }) + aChunk({}, 'stop') + DONE);
    const writes = reader(await reply);
    await writes.next();
    const last = writes.next();
    expect(await isSettled(last)).toBe(false);
    accept();
    expect((await last).value).toBe(DONE);
  });

  it('does not wait for an upstream that keeps its connection open after [DONE]', async () => {
    const reply = ask();
    upstream.send(aChunk({ content: 'Hello there ' }) + aChunk({}, 'stop') + DONE);
    const writes = reader(await reply);
    await writes.next();
    expect((await writes.next()).value).toBe(DONE);
    await vi.advanceTimersByTimeAsync(300);
    await upstream.left;
  });
});

describe('a caller who leaves', () => {
  it.each(['before the headers', 'midway'])(
    '%s ends the call of upstream and leaves one event',
    async (when) => {
      const reply = ask();
      await vi.advanceTimersByTimeAsync(0);
      if (when === 'midway') {
        upstream.send(aChunk({ content: 'Hello there ' }));
        const writes = reader(await reply);
        await writes.next();
        const next = writes.next();
        caller.abort();
        await next;
        await writes.next();
      } else caller.abort();
      await upstream.left;
      await reply;
      expect(gateway.events).toMatchObject([
        { client_closed: true, http_status: 499, reason_code: 'client.closed_request' },
      ]);
    },
  );

  it('while a write waits for it ends the call of upstream too', async () => {
    const reply = ask();
    upstream.send(aChunk({ content: 'Hello there ' }));
    const writes = reader(await reply);
    await writes.next();
    await writes.return?.();
    await upstream.left;
    expect(gateway.events).toMatchObject([{ client_closed: true, http_status: 499 }]);
  });

  it('gives the place it took back', async () => {
    const reply = ask();
    upstream.send(aChunk({ content: 'Hello there ' }));
    const writes = reader(await reply);
    expect(gateway.gateway.running).toBe(1);
    await writes.next();
    await writes.return?.();
    expect(gateway.gateway.running).toBe(0);
  });
});
