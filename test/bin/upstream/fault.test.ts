/** Every fault that the embedded upstream can have, as a client on the wire sees it. */
import { describe, expect, it } from 'vitest';
import { readFault, type Fault } from '../../../bin/upstream/fault.ts';
import { anUpstream, chat, dataOf, post } from './post.ts';

const streamed = chat('one two three four', { stream: true });
const whole = chat('one two three four');

describe('a refusal', () => {
  it.each([
    ['refuse/A/400', 400, /^\{"requestId".*"statusCode":400.*"meta":\{"_errors":\[\],"messages":\{"0":\{/],
    ['refuse/A/403', 403, /"statusCode":403.*run out of funds/],
    ['refuse/B/401', 401, /^\{"title":"Unauthorized".*"error":\{"name"/],
    ['refuse/B/400', 400, /"details":\[\{"path":"messages.0.role"/],
    ['refuse/B/400/vendor', 400, /"message":"\{\\"type\\":\\"error\\"/],
    ['refuse/C/403/plan', 403, /^(?!.*"error").*plan\.rule:api_token/],
    ['refuse/D/503', 503, /^$/],
    ['refuse/HTML/502', 502, /^<html>/],
    ['refuse/B/404/model', 404, /No endpoints found/],
    ['refuse/B/418', 418, /"title":"Error"/],
  ] as const)('%s', async (fault, status, text) => {
    await using upstream = await anUpstream({ fault });
    const heard = await post(`${upstream.url}/chat/completions`, whole);
    expect(heard.status).toBe(status);
    expect(heard.text).toMatch(text);
  });

  it.each([
    ['rate-limit', null],
    ['rate-limit/7', '7'],
  ] as const)('%s carries Retry-After %s', async (fault, retryAfter) => {
    await using upstream = await anUpstream({ fault });
    const heard = await post(`${upstream.url}/chat/completions`, whole);
    expect([heard.status, heard.headers.get('retry-after')]).toEqual([429, retryAfter]);
  });
});

describe('a fault is chosen', () => {
  it('by the path before the API’s', async () => {
    await using upstream = await anUpstream();
    const heard = await post(`${upstream.faultUrl('refuse/D/500')}/chat/completions`, whole);
    expect(heard.status).toBe(500);
  });

  it.each(['chat/completions', 'messages'])('by the model’s name on %s', async (path) => {
    await using upstream = await anUpstream();
    const body = { model: 'fault/refuse/D/500', messages: [{ role: 'user', content: 'x' }] };
    expect((await post(`${upstream.url}/${path}`, body)).status).toBe(500);
  });

  it('by the hook, for one answer', async () => {
    const faults: readonly (Fault | undefined)[] = ['body/empty', undefined];
    let asked = 0;
    await using upstream = await anUpstream({
      reply: () => {
        const fault = faults[asked++];
        return fault === undefined ? undefined : { text: 'x', fault };
      },
    });
    expect((await post(`${upstream.url}/chat/completions`, whole)).text).toBe('');
    expect((await post(`${upstream.url}/chat/completions`, whole)).text).toContain('one two');
  });
});

describe('a broken connection', () => {
  it.each(['cut/headers', 'reset/headers'] as const)('%s gives no answer', async (fault) => {
    await using upstream = await anUpstream({ fault });
    await expect(post(`${upstream.url}/chat/completions`, whole)).rejects.toThrow('fetch failed');
  });

  it.each([
    ['cut/midway', whole],
    ['reset/midway', whole],
    ['cut/first-token', streamed],
    ['cut/midway', streamed],
    ['reset/midway', streamed],
  ] as const)('%s ends the body early (%#)', async (fault, body) => {
    await using upstream = await anUpstream({ fault });
    await expect(post(`${upstream.url}/chat/completions`, body)).rejects.toThrow('terminated');
    await expect(upstream.requests[0]?.ended).resolves.toBe('closed');
  });
});

describe('silence', () => {
  it.each([
    ['hang/first-token', 1],
    ['hang/midway', 4],
  ] as const)('%s comes after %i frames', async (fault, frames) => {
    await using upstream = await anUpstream({ fault });
    const leave = new AbortController();
    const reply = await fetch(`${upstream.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify(streamed),
      signal: leave.signal,
    });
    let heard = '';
    for await (const chunk of reply.body ?? []) {
      heard += Buffer.from(chunk).toString();
      if (dataOf(heard).length === frames && heard.endsWith('\n\n')) break;
    }
    expect(dataOf(heard)).toHaveLength(frames);
    leave.abort();
  });

  it('hang/headers lasts until the server closes', async () => {
    const upstream = await anUpstream({ fault: 'hang/headers' });
    const silent = post(`${upstream.url}/chat/completions`, whole);
    while (upstream.requests.length === 0) await new Promise(setImmediate);
    await Promise.all([expect(silent).rejects.toThrow('fetch failed'), upstream.close()]);
  });
});

describe('a spoilt body', () => {
  it.each([
    ['body/malformed', /^application\/json/, /^\{"id":(?!.*\}$)/],
    ['body/empty', /^application\/json/, /^$/],
    ['body/html', /^text\/html/, /^<html>/],
    ['body/utf8', /^application\/json/, /\uFFFD/],
    ['body/sse', /^text\/event-stream/, /^data: /],
    ['body/huge', /^application\/json/, /a{1000}"\}$/],
  ] as const)('%s', async (fault, type, text) => {
    await using upstream = await anUpstream({ fault });
    const heard = await post(`${upstream.url}/chat/completions`, whole);
    expect(heard.status).toBe(200);
    expect(heard.headers.get('content-type')).toMatch(type);
    expect(heard.text).toMatch(text);
  });
});

describe('a spoilt stream', () => {
  it.each([
    ['stream/malformed', /"unfin\n\n[^]*\[DONE\]\n\n$/],
    ['stream/utf8', /\uFFFD[^]*\[DONE\]\n\n$/],
    ['stream/long-line', /a{1000}[^]*\[DONE\]\n\n$/],
    ['stream/error-a', /data: \{"requestId":[^\n]*"statusCode":500[^\n]*\n\n$/],
    ['stream/error-b', /data: \{"title":[^\n]*"error":\{"name"[^\n]*\n\n$/],
    ['stream/error-c', /data: \{"title":(?![^\n]*"error")[^\n]*\n\n$/],
    ['stream/error-openai', /data: \{"error":[^\n]*\n\n$/],
    ['stream/no-done', /data: \{"meta":[^\n]*\n\n$/],
    ['stream/no-end', /^(?!.*"finish_reason":"stop")/s],
    ['stream/after-done', /\[DONE\]\n\ndata: [^\n]* after the end[^\n]*\n\n$/],
    ['stream/json', /^\{"id":/],
  ] as const)('%s', async (fault, text) => {
    await using upstream = await anUpstream({ fault });
    const heard = await post(`${upstream.url}/chat/completions`, streamed);
    expect(heard.status).toBe(200);
    expect(heard.text).toMatch(text);
  });
});

describe('a spoilt stream of another format', () => {
  const messages = [{ role: 'user', content: 'repeat: one two three four' }];
  it.each([
    [
      'responses',
      { model: 'gpt-4o', input: 'say: one two three four' },
      /"delta":" after the end"[^\n]*\n\n$/,
    ],
    ['messages', { model: 'claude-sonnet-4-6', messages }, /"text":" after the end"[^\n]*\n\n$/],
  ] as const)('%s keeps its own frames and has no [DONE]', async (path, body, end) => {
    await using upstream = await anUpstream({ fault: 'stream/after-done' });
    const heard = await post(`${upstream.url}/${path}`, { ...body, stream: true });
    expect(heard.text).toMatch(end);
    expect(heard.text).not.toContain('[DONE]');
  });
});

describe('readFault', () => {
  it.each([
    '',
    'hang',
    'hang/later',
    'refuse/E/400',
    'refuse/A/200',
    'refuse/A/x',
    'refuse/A/400/weather',
    'body/odd',
    'stream/odd',
    'odd/x',
  ])('knows no fault %j', (fault) => {
    expect(readFault(fault)).toBeUndefined();
  });
});
