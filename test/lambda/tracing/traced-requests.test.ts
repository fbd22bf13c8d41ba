/** Spans of requests that are answered, as a collector gets them by OTLP. */
import { describe, expect, it } from 'vitest';
import { aScriptedUpstream } from '../../support/scripted-upstream.ts';
import { ask, NO_RETRY, setUpDoor, spansOf, theCollector, traced, upstreamUrl } from './a-traced-door.ts';

setUpDoor();

describe('a whole answer', () => {
  it('has a span of the request and one of the call within it', async () => {
    const gateway = await traced();
    const { spans, request, call, event } = await spansOf(gateway, '/v1/chat/completions', ask('say: hello'));
    expect(spans).toHaveLength(2);
    expect(request).toMatchObject({
      name: 'POST /v1/chat/completions',
      parentSpanId: '',
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/chat/completions',
        'url.path': '/v1/chat/completions',
        'url.scheme': 'http',
        'http.response.status_code': 200,
        'keeptrusts.event.id': event?.event_id,
        'keeptrusts.verdict': 'allow',
        'keeptrusts.calls': 1,
      },
    });
    expect(call).toMatchObject({
      name: 'chat gpt-4o',
      traceId: request.traceId,
      parentSpanId: request.spanId,
      isError: false,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'aimlapi',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': event?.model,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': event?.input_tokens,
        'gen_ai.usage.output_tokens': event?.output_tokens,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(upstreamUrl()).port),
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'keeptrusts.target.id': 't1',
      },
    });
    expect(call?.attributes).not.toHaveProperty(['gen_ai.request.stream']);
  });

  it('has its call within the time of the request, and that now', async () => {
    const before = Date.now() - 1000;
    const { request, call } = await spansOf(await traced(), '/v1/chat/completions', ask('say: hello'));
    const times = [request.startNs, call?.startNs, call?.endNs, request.endNs];
    expect(times).toEqual(times.toSorted((a = 0n, b = 0n) => (a < b ? -1 : 1)));
    expect(Number(request.startNs / 1_000_000n)).toBeGreaterThan(before);
    expect(Number(request.endNs / 1_000_000n)).toBeLessThan(Date.now() + 1000);
  });

  it('tells in events what each policy said, never what it found', async () => {
    const gateway = await traced();
    const { request } = await spansOf(gateway, '/v1/chat/completions', ask('mail ada@example.org'));
    expect(request.events.map(({ name }) => name)).toContain('keeptrusts.policy');
    expect(request.events.map(({ attributes }) => attributes)).toContainEqual(
      expect.objectContaining({
        'keeptrusts.policy.kind': 'pii-detector',
        'keeptrusts.policy.phase': 'input',
        'keeptrusts.policy.verdict': 'redact',
        'keeptrusts.policy.entities': ['EMAIL=1'],
      }),
    );
    expect(request.attributes['keeptrusts.verdict']).toBe('redact');
    expect(
      theCollector()
        .exports.map(({ body }) => body.toString('latin1'))
        .join(),
    ).not.toContain('ada@');
  });
});

describe('a streamed answer', () => {
  it('says that it was streamed, and when the first content came', async () => {
    const gateway = await traced();
    const { request, call } = await spansOf(
      gateway,
      '/v1/chat/completions',
      ask('say: one two three', { stream: true }),
    );
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 200, 'keeptrusts.stream': true });
    expect(call?.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
    });
    const seconds = Number((call?.endNs ?? 0n) - (call?.startNs ?? 0n)) / 1e9;
    const first = Number(call?.attributes['gen_ai.response.time_to_first_chunk']);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(seconds + 0.001);
  });

  it('that breaks off is a failure of the call and of the request, though its status was 200', async () => {
    const gateway = await traced({
      url: upstreamUrl('cut/midway'),
      extra: NO_RETRY,
    });
    const { request, call } = await spansOf(
      gateway,
      '/v1/chat/completions',
      ask('say: one two three four', { stream: true }),
    );
    expect(request).toMatchObject({
      isError: true,
      attributes: { 'http.response.status_code': 200, 'error.type': 'upstream_error' },
    });
    expect(call).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'upstream_error', 'keeptrusts.usage.estimated': true },
    });
  });

  it('whose caller leaves has no status, and says so', async () => {
    const script = aScriptedUpstream();
    const gateway = await traced({ services: { callUpstream: script.call } });
    script.send(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Hello there ' } }] })}\n\n`,
    );
    const reply = await gateway.gateway.handle({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { 'content-type': 'application/json' },
      body: (async function* () {
        yield Buffer.from(JSON.stringify(ask('hello', { stream: true })));
      })(),
      signal: new AbortController().signal,
    });
    if (typeof reply.body === 'string' || reply.body instanceof Uint8Array) throw new Error('no stream');
    for await (const _ of reply.body) break;
    await gateway.opened.flush();
    const request = theCollector()
      .spans()
      .find(({ kind }) => kind === 'server');
    expect(request).toMatchObject({
      isError: false,
      attributes: { 'error.type': 'client_closed_request', 'keeptrusts.client_closed': true },
    });
    expect(request?.attributes).not.toHaveProperty(['http.response.status_code']);
    expect(
      theCollector()
        .spans()
        .find(({ kind }) => kind === 'client')?.attributes['error.type'],
    ).toBe('client_closed_request');
  });
});

describe('operations', () => {
  it.each([
    ['/v1/responses', { model: 'gpt-4o', input: 'say: hello' }, 'chat'],
    [
      '/v1/messages',
      { model: 'claude-sonnet-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'say: hello' }] },
      'chat',
    ],
    ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'hello' }, 'embeddings'],
  ])('POST %s is named as the convention has it', async (path, body, operation) => {
    const gateway = await traced({ models: [body.model] });
    const { request, call } = await spansOf(gateway, path, body);
    expect(request.name).toBe(`POST ${path}`);
    expect(call).toMatchObject({
      name: `${operation} ${body.model}`,
      attributes: { 'gen_ai.operation.name': operation },
    });
    expect(call?.attributes).toHaveProperty(['gen_ai.usage.input_tokens']);
    expect('gen_ai.usage.output_tokens' in (call?.attributes ?? {})).toBe(operation === 'chat');
  });

  it('GETs leave no span', async () => {
    const gateway = await traced();
    await gateway.get('/v1/models');
    await gateway.opened.flush();
    expect(theCollector().exports).toEqual([]);
  });
});
