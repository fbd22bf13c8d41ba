/** The last words of a choice, when upstream stays silent behind its finish reason. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GatewayReply } from '../../../lambda/http/gateway-request.ts';
import { aConfig, aGateway, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';
import { aScriptedUpstream } from '../../support/scripted-upstream.ts';
import { chatChunk, DONE, frames } from './a-door.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function* once(body: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

it('are sent with it after half a second, and the stream goes on', async () => {
  const upstream = aScriptedUpstream();
  const config = aConfig(targetsAt('http://127.0.0.1:9/v1') + FOUR_POLICIES);
  const { gateway } = aGateway(config, { callUpstream: upstream.call, now: Date.now, elapsed: Date.now });
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json' };
  const { signal } = new AbortController();
  const asked = gateway.handle({
    method: 'POST',
    url: '/v1/chat/completions',
    headers,
    body: once(body),
    signal,
  });
  const last = frames(chatChunk({ content: ' end' }), chatChunk({}, { finish_reason: 'stop' }));
  upstream.send(frames(chatChunk({ content: 'The' })) + last);
  await vi.advanceTimersByTimeAsync(0);
  const writes = writesOf(await asked);
  expect(await writes.next()).toMatchObject({ value: frames(chatChunk({ content: 'The' })) });
  const next = writes.next();
  await vi.advanceTimersByTimeAsync(500);
  expect(await next).toMatchObject({ value: last });
  upstream.send(DONE);
  upstream.end();
  expect(await writes.next()).toMatchObject({ value: DONE });
});

function writesOf({ body }: GatewayReply): AsyncIterator<string | Uint8Array> {
  if (typeof body === 'string' || body instanceof Uint8Array) throw new Error('the reply is no stream');
  return body[Symbol.asyncIterator]();
}
