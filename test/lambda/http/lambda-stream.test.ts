import { PassThrough, Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayReply, GatewayRequest } from '../../../lambda/http/gateway-request.ts';
import { lambdaStreamHandler, type StreamingRuntime } from '../../../lambda/http/lambda-stream.ts';

interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Does what Lambda's runtime does: the prelude is sent by the first write, and lost without one. */
function aRuntime() {
  const sent: { prelude?: Prelude } = {};
  const runtime: StreamingRuntime = {
    streamifyResponse: (handler) => handler,
    HttpResponseStream: {
      from: (stream, prelude) => {
        const wrapper = new Writable({
          highWaterMark: stream.writableHighWaterMark,
          write: (chunk, _encoding, done) => {
            sent.prelude ??= prelude;
            stream.write(chunk, done);
          },
          final: (done) => stream.end(done),
        });
        stream.once('error', (error) => wrapper.destroy(error));
        return wrapper;
      },
    },
  };
  return { runtime, sent };
}

const anEvent = (over: Record<string, unknown> = {}) => ({
  version: '2.0',
  rawPath: '/v1/chat/completions',
  rawQueryString: '',
  headers: { host: 'abc.lambda-url.eu-west-1.on.aws', 'content-type': 'application/json' },
  cookies: ['session=1'],
  requestContext: { http: { method: 'POST', path: '/v1/chat/completions', sourceIp: '203.0.113.9' } },
  body: '{"model":"gpt-4o"}',
  isBase64Encoded: false,
  ...over,
});

const context = { getRemainingTimeInMillis: () => 60_000 };
const ok: GatewayReply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };

/** Runs one invocation; gives what came out and what the gateway was asked. */
async function invoke(
  reply: GatewayReply | ((request: GatewayRequest) => Promise<GatewayReply>),
  event: unknown = anEvent(),
) {
  const { runtime, sent } = aRuntime();
  const failures: unknown[] = [];
  const requests: GatewayRequest[] = [];
  const handle = (request: GatewayRequest): Promise<GatewayReply> => {
    requests.push(request);
    return typeof reply === 'function' ? reply(request) : Promise.resolve(reply);
  };
  const handler = lambdaStreamHandler({
    gateway: () => Promise.resolve({ handle }),
    now: () => 1_000_000,
    onFailure: (error) => failures.push(error),
    runtime,
  });
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await handler(event, stream, context);
  return { prelude: sent.prelude, body: Buffer.concat(chunks), failures, request: requests[0] };
}

async function readBody(request: GatewayRequest | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* streamOf(
  ...chunks: readonly (string | Uint8Array)[]
): AsyncGenerator<string | Uint8Array, void> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

describe('a request through the Function URL', () => {
  it.each([
    ['method', 'method', 'POST'],
    ['path', 'url', '/v1/chat/completions'],
    ['caller address', 'remoteAddress', '203.0.113.9'],
    ['deadline, five seconds before the function is cut', 'deadline', 1_000_000 + 60_000 - 5_000],
  ] as const)('has the %s of the event', async (_case, field, expected) => {
    expect((await invoke(ok)).request?.[field]).toBe(expected);
  });

  it('keeps the query as it was sent', async () => {
    const event = anEvent({ rawQueryString: 'api-version=1&x=%2F' });
    expect((await invoke(ok, event)).request?.url).toBe('/v1/chat/completions?api-version=1&x=%2F');
  });

  it('has its headers in lower case, without cookies', async () => {
    const event = anEvent({ headers: { 'X-User-Id': 'u1', Cookie: 'a=b', cookie: 'c=d' } });
    expect({ ...(await invoke(ok, event)).request?.headers }).toEqual({ 'x-user-id': 'u1' });
  });

  it('finds no header that every object has', async () => {
    expect((await invoke(ok)).request?.headers['constructor']).toBeUndefined();
  });

  it.each([
    ['as text', { body: '{"a":"é"}', isBase64Encoded: false }, Buffer.from('{"a":"é"}')],
    [
      'as base64',
      { body: Buffer.from([0, 255, 128]).toString('base64'), isBase64Encoded: true },
      Buffer.from([0, 255, 128]),
    ],
    ['not at all', { body: undefined }, Buffer.alloc(0)],
  ])('carries a body that was sent %s', async (_case, over, expected) => {
    const { request } = await invoke(ok, anEvent(over));
    expect(await readBody(request)).toEqual(expected);
  });

  it('carries any bytes through base64 unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        const event = anEvent({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true });
        expect(await readBody((await invoke(ok, event)).request)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['nothing', undefined],
    ['a console test event', { key1: 'value1' }],
    ['an event of format 1.0', { httpMethod: 'POST', path: '/', requestContext: { identity: {} } }],
  ])('is refused when it is %s', async (_case, event) => {
    await expect(invoke(ok, event ?? null)).rejects.toThrow(/Function URL event/);
  });
});

describe('a reply through Lambda', () => {
  it.each([
    ['a text', '{"a":1}', '{"a":1}'],
    ['bytes', Buffer.from('abc'), 'abc'],
    ['a stream', streamOf('data: 1\n\n', Buffer.from('data: [DONE]\n\n')), 'data: 1\n\ndata: [DONE]\n\n'],
  ])('sends status, headers and %s', async (_case, body, expected) => {
    const reply = await invoke({ status: 201, headers: { 'x-request-id': 'r1' }, body });
    expect(reply.prelude).toEqual({ statusCode: 201, headers: { 'x-request-id': 'r1' } });
    expect(reply.body.toString()).toBe(expected);
  });

  it.each([
    ['text', ''],
    ['stream', streamOf()],
  ])('sends status and headers even with an empty %s', async (_case, body) => {
    const reply = await invoke({ status: 204, headers: { 'x-request-id': 'r1' }, body });
    expect(reply.prelude).toEqual({ statusCode: 204, headers: { 'x-request-id': 'r1' } });
    expect(reply.body).toHaveLength(0);
  });

  it('leaves the framing to Lambda and sets no cookie', async () => {
    const headers = { 'Content-Length': '2', connection: 'close', 'set-cookie': 'a=b', 'x-request-id': 'r1' };
    expect((await invoke({ ...ok, headers })).prelude?.headers).toEqual({ 'x-request-id': 'r1' });
  });

  it('is an error of the usual shape when the gateway throws, and the cause goes to the log alone', async () => {
    const cause = new Error('password is hunter2');
    const reply = await invoke(() => Promise.reject(cause));
    expect(reply.prelude?.statusCode).toBe(500);
    expect(JSON.parse(reply.body.toString())).toMatchObject({ error: { code: 'internal_error' } });
    expect(reply.body.toString()).not.toContain('hunter2');
    expect(reply.failures).toEqual([cause]);
  });

  it('ends an event stream that breaks with an error event, never as if it were complete', async () => {
    const cause = new Error('broken');
    async function* breaking(): AsyncGenerator<string, void> {
      yield 'data: 1\n\n';
      await Promise.reject(cause);
    }
    const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
    const reply = await invoke({ status: 200, headers, body: breaking() });
    expect(reply.body.toString()).toMatch(/^data: 1\n\n\n\ndata: \{"error":.*internal_error.*\}\n\n$/s);
    expect(reply.failures).toEqual([cause]);
  });

  it('asks for nothing more while Lambda takes nothing', async () => {
    const { runtime } = aRuntime();
    let produced = 0;
    async function* endless(): AsyncGenerator<string, void> {
      for (;;) {
        produced += 1;
        await Promise.resolve();
        yield 'x'.repeat(1_000);
      }
    }
    const slow = new Writable({ highWaterMark: 4_000, write: () => undefined });
    const handler = lambdaStreamHandler({
      gateway: () => Promise.resolve({ handle: () => Promise.resolve({ ...ok, body: endless() }) }),
      now: () => 0,
      onFailure: () => undefined,
      runtime,
    });
    const done = handler(anEvent(), slow, context);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(produced).toBeLessThan(10);
    slow.destroy(new Error('gone'));
    await done;
  });

  it('is whole before the function waits for what the request left behind', async () => {
    const { runtime } = aRuntime();
    const stream = new PassThrough();
    let isEnded: boolean | undefined;
    const handler = lambdaStreamHandler({
      gateway: () => Promise.resolve({ handle: () => Promise.resolve(ok) }),
      now: () => 0,
      onFailure: () => undefined,
      settled: () => {
        isEnded = stream.writableEnded;
        return Promise.resolve();
      },
      runtime,
    });
    await handler(anEvent(), stream.resume(), context);
    expect(isEnded).toBe(true);
  });

  it('aborts the request when Lambda stops taking it', async () => {
    const { runtime } = aRuntime();
    let signal: AbortSignal | undefined;
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('gone')) });
    const handler = lambdaStreamHandler({
      gateway: () =>
        Promise.resolve({
          handle: (request) => {
            signal = request.signal;
            return Promise.resolve({ ...ok, body: streamOf('a', 'b', 'c') });
          },
        }),
      now: () => 0,
      onFailure: () => undefined,
      runtime,
    });
    await handler(anEvent(), stream, context);
    expect(signal?.aborted).toBe(true);
  });
});
