/** The embedded upstream speaks AIML API's wire format: answers, refusals, catalogue. */
import { describe, expect, it } from 'vitest';
import { anUpstream, chat, dataOf, post } from './post.ts';

describe('an answer of the embedded upstream', () => {
  it('is a chat completion with meta, cost headers and the model renamed', async () => {
    await using upstream = await anUpstream();
    const { status, headers, text } = await post(`${upstream.url}/chat/completions`, chat('hello there'));
    expect(status).toBe(200);
    expect(headers.get('x-inference-id')).toMatch(/^inf-/);
    expect(Number(headers.get('x-aimlapi-usd-spent'))).toBeGreaterThan(0);
    expect(JSON.parse(text)).toMatchObject({
      model: 'gpt-4o-2024-08-06',
      choices: [{ message: { content: 'hello there' }, finish_reason: 'stop' }],
      meta: { usage: { usd_spent: Number(headers.get('x-aimlapi-usd-spent')) } },
    });
  });

  it('streams role, tokens, finish, usage without choices, cost without choices, [DONE]', async () => {
    await using upstream = await anUpstream();
    const { headers, text } = await post(`${upstream.url}/chat/completions`, chat('a b', { stream: true }));
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
    const frames = dataOf(text);
    expect(frames.at(-1)).toBe('[DONE]');
    expect(frames.slice(0, -1).map((frame): unknown => JSON.parse(frame))).toMatchObject([
      { choices: [{ delta: { role: 'assistant' } }] },
      { choices: [{ delta: { content: 'a' } }] },
      { choices: [{ delta: { content: ' b' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { completion_tokens: 1 } },
      { meta: { usage: {} } },
    ]);
    expect(frames.at(-2)).not.toContain('choices');
  });

  it('says end_turn and msg_ for Claude on chat completions', async () => {
    await using upstream = await anUpstream();
    const ask = chat('hi', { model: 'anthropic/claude-sonnet-4.6' });
    const { text } = await post(`${upstream.url}/chat/completions`, ask);
    expect(text).toMatch(/^\{"id":"msg_.*"finish_reason":"end_turn"/);
  });

  it.each([
    ['reasoning_content', { content: null, reasoning_content: 'hm' }],
    ['reasoning', { reasoning: 'hm', reasoning_details: [{ text: 'hm' }] }],
  ] as const)('carries reasoning as %s', async (reasoningAs, delta) => {
    await using upstream = await anUpstream({
      reply: () => ({ text: 'x', reasoning: 'hm', reasoningAs, cachedTokens: 3 }),
    });
    const streamed = await post(`${upstream.url}/chat/completions`, chat('', { stream: true }));
    expect(JSON.parse(dataOf(streamed.text)[1] ?? '')).toMatchObject({ choices: [{ delta }] });
    const whole = await post(`${upstream.url}/chat/completions`, chat(''));
    expect(JSON.parse(whole.text)).toMatchObject({
      choices: [{ message: { [reasoningAs]: 'hm' } }],
      usage: { prompt_tokens_details: { cached_tokens: 3 } },
    });
  });

  it('streams as many choices as were asked for', async () => {
    await using upstream = await anUpstream();
    const { text } = await post(`${upstream.url}/chat/completions`, chat('a', { stream: true, n: 2 }));
    const indices = [...text.matchAll(/"choices":\[\{"index":(\d)/g)].map((match) => match[1]);
    expect(indices).toEqual(['0', '1', '0', '1', '0', '1']);
  });

  it.each([
    ['done: false', { done: false }, 200, false],
    ['status 201', { status: 201 }, 201, true],
  ] as const)('follows the option %s', async (_, options, status, done) => {
    await using upstream = await anUpstream(options);
    const heard = await post(`${upstream.url}/chat/completions`, chat('a', { stream: true }));
    expect(heard.status).toBe(status);
    expect(heard.text.includes('[DONE]')).toBe(done);
  });

  it('sends the hook’s raw bytes as they are', async () => {
    await using upstream = await anUpstream({
      reply: () => ({ raw: 'data: odd\n\n', status: 202, headers: { 'x-odd': '1' } }),
    });
    const heard = await post(`${upstream.url}/chat/completions`, chat('a'));
    expect([heard.status, heard.headers.get('x-odd'), heard.text]).toEqual([202, '1', 'data: odd\n\n']);
  });

  it('repeats prebuilt answers byte for byte', async () => {
    await using upstream = await anUpstream({ prebuilt: true, record: false });
    const first = await post(`${upstream.url}/chat/completions`, chat('a'));
    const second = await post(`${upstream.url}/chat/completions`, chat('a'));
    expect(second.text).toBe(first.text);
    expect(upstream.requests).toEqual([]);
  });

  it('gives each frame its own time to a hook that holds frames back', async () => {
    const held: number[] = [];
    await using upstream = await anUpstream({
      tokenDelayMs: 0,
      reply: () => ({ text: ['a', 'b'], beforeFrame: (index) => Promise.resolve(void held.push(index)) }),
    });
    await post(`${upstream.url}/chat/completions`, chat('', { stream: true }));
    expect(held).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('tools', () => {
  const schema = {
    type: 'object',
    properties: {
      to: { type: 'string' },
      count: { type: 'integer' },
      urgent: { type: 'boolean' },
      tone: { enum: ['warm', 'cold'] },
      tags: { type: 'array' },
      inner: { type: 'object', properties: { note: {} } },
    },
  };
  const filled = { to: 'x', count: 1, urgent: true, tone: 'warm', tags: ['x'], inner: { note: 'x' } };
  const messages = [{ role: 'user', content: 'x' }];
  const tools = [{ type: 'function', function: { name: 'send', parameters: schema } }];

  it('are called with the user’s words', async () => {
    await using upstream = await anUpstream();
    const { text } = await post(`${upstream.url}/chat/completions`, { model: 'gpt-4o', messages, tools });
    expect(JSON.parse(text)).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [{ function: { name: 'send', arguments: JSON.stringify(filled) } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('are not called after they have answered, nor against tool_choice none', async () => {
    await using upstream = await anUpstream();
    const answered = [...messages, { role: 'tool', content: '42', tool_call_id: 'c' }];
    for (const body of [{ messages: answered }, { messages, tool_choice: 'none' }]) {
      const { text } = await post(`${upstream.url}/chat/completions`, { model: 'gpt-4o', tools, ...body });
      expect(text).not.toContain('tool_calls');
    }
  });

  it.each([
    ['chat/completions', 'gpt-4o', { messages, tools }, /"arguments":"(.*?)"\}\}\]/g],
    [
      'responses',
      'gpt-4o',
      { input: 'x', tools: [{ type: 'function', name: 'send', parameters: schema }] },
      /arguments\.delta".*"delta":"(.*?)","seq/g,
    ],
    [
      'messages',
      'claude-sonnet-4-6',
      { messages, tools: [{ name: 'send', input_schema: schema }] },
      /"partial_json":"(.*?)"\}\}/g,
    ],
  ])('stream their arguments in parts on %s', async (path, model, body, part) => {
    await using upstream = await anUpstream();
    const { text } = await post(`${upstream.url}/${path}`, { model, stream: true, ...body });
    const parts = [...text.matchAll(part)].map((match): unknown => JSON.parse(`"${match[1] ?? ''}"`));
    expect(parts.length).toBeGreaterThan(5);
    expect(JSON.parse(parts.join(''))).toEqual(filled);
  });
});

describe('the other formats', () => {
  const answer = { text: 'yes', reasoning: 'hm' };

  it('Responses: whole with meta, streamed with named events up to response.completed', async () => {
    await using upstream = await anUpstream({ reply: () => answer });
    const whole = await post(`${upstream.url}/responses`, { model: 'gpt-4o', input: 'q' });
    expect(JSON.parse(whole.text)).toMatchObject({
      object: 'response',
      output: [
        { type: 'reasoning', summary: [{ text: 'hm' }] },
        { type: 'message', content: [{ type: 'output_text', text: 'yes' }] },
      ],
      meta: { usage: {} },
    });
    expect(whole.text).not.toContain('"kind"');
    const { text } = await post(`${upstream.url}/responses`, { model: 'gpt-4o', input: 'q', stream: true });
    const last: unknown = JSON.parse(dataOf(text).at(-1) ?? '');
    expect(last).toMatchObject({ type: 'response.completed', response: { meta: { usage: {} } } });
    expect(text.match(/^event: /gm)).toHaveLength(dataOf(text).length);
  });

  it('Responses: a refusal is a part of its own', async () => {
    await using upstream = await anUpstream({ reply: () => ({ refusal: 'no.' }) });
    const { text } = await post(`${upstream.url}/responses`, { model: 'gpt-4o', input: 'q', stream: true });
    expect(text).toContain('"type":"response.refusal.done"');
    expect(text).toContain('"part":{"type":"refusal","refusal":"no."}');
  });

  it('Messages: thinking and text, whole and streamed, for Claude', async () => {
    await using upstream = await anUpstream({ reply: () => ({ ...answer, finishReason: 'length' }) });
    const ask = { model: 'claude-sonnet-4-6', max_tokens: 9, messages: [{ role: 'user', content: 'q' }] };
    const whole = await post(`${upstream.url}/messages`, ask);
    expect(JSON.parse(whole.text)).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'yes' },
      ],
      stop_reason: 'max_tokens',
    });
    const { text } = await post(`${upstream.url}/messages`, { ...ask, stream: true });
    expect(text.match(/^event: .*$/gm)?.map((line) => line.slice(7))).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('Embeddings: equal texts have equal vectors of the length asked for', async () => {
    await using upstream = await anUpstream();
    const body = { model: 'text-embedding-3-small', input: ['a', 'b', 'a'], dimensions: 8 };
    const { text } = await post(`${upstream.url}/embeddings`, body);
    const vectors = [...text.matchAll(/"embedding":\[(.*?)\]/g)].map((match) => match[1]);
    expect(vectors.map((vector) => vector?.split(',').length)).toEqual([8, 8, 8]);
    expect(vectors[2]).toBe(vectors[0]);
    expect(vectors[1]).not.toBe(vectors[0]);
    const packed = await post(`${upstream.url}/embeddings`, { ...body, encoding_format: 'base64' });
    expect(packed.text).toMatch(/"embedding":"[A-Za-z0-9+/]+=*"/);
  });

  it('Models and balance', async () => {
    await using upstream = await anUpstream({ keys: ['test-key'] });
    const models = await fetch(`${upstream.url}/models`);
    expect(await models.json()).toMatchObject({
      object: 'list',
      data: [{ id: 'openai/gpt-4o' }, {}, {}, {}, {}, {}, {}],
    });
    const billing = upstream.url.replace('/v1', '/v2/billing');
    expect((await fetch(billing)).status).toBe(401);
    const balance = await fetch(billing, { headers: { authorization: 'Bearer test-key' } });
    expect(await balance.json()).toEqual({ current_balance: 12.5, currency: 'USD' });
  });
});

describe('what AIML API refuses', () => {
  const messages = [{ role: 'user', content: 'x' }];

  it.each([
    ['plain completions', 'completions', { model: 'gpt-4o', prompt: 'x' }, 404],
    ['an unknown path', 'nowhere', {}, 404],
    ['a withdrawn model', 'chat/completions', { model: 'gemini-2.0-flash', messages }, 404],
    ['an explicit null', 'chat/completions', { model: 'gpt-4o', messages, tools: null }, 400],
    ['another model than Claude on Messages', 'messages', { model: 'gpt-4o', messages }, 400],
    ['token ids as embedding input', 'embeddings', { model: 'm', input: [[1, 2]] }, 400],
    ['no messages', 'chat/completions', { model: 'gpt-4o' }, 400],
    ['no JSON', 'chat/completions', '{', 400],
    ['a fault that is none', 'chat/completions', { model: 'fault/hang/later', messages }, 400],
  ])('%s', async (_, path, body, status) => {
    await using upstream = await anUpstream();
    const heard = await post(`${upstream.url}/${path}`, body);
    expect(heard.status).toBe(status);
    expect(heard.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(heard.text)).toMatchObject({ status });
    expect(heard.text).toMatch(/"error":\{"name":"\w+"/);
  });

  it.each([
    ['no key', ''],
    ['an unknown key', 'Bearer wrong'],
  ])('%s', async (_, authorization) => {
    await using upstream = await anUpstream({ keys: ['right'] });
    const heard = await post(`${upstream.url}/chat/completions`, chat('x'), { authorization });
    expect(heard.status).toBe(401);
  });

  it('but fields that it does not know it drops', async () => {
    await using upstream = await anUpstream();
    const heard = await post(`${upstream.url}/chat/completions`, chat('x', { enable_thinking: true }));
    expect(heard.status).toBe(200);
  });
});

describe('the record', () => {
  it('holds path, headers and raw body, and how the exchange ended', async () => {
    await using upstream = await anUpstream();
    const raw = '{"model":"gpt-4o", "messages":[{"role":"user","content":"é"}], "big":12345678901234567890}';
    await post(`${upstream.url}/chat/completions?x=1`, raw, { 'x-client-request-id': 'req_1' });
    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions?x=1', body: raw });
    expect(request?.headers['x-client-request-id']).toBe('req_1');
    await expect(request?.ended).resolves.toBe('answered');
  });

  it.each([
    ['req_1', 'req_1'],
    ['not well formed', null],
  ])('the client’s request id %j is echoed as %j', async (id, echoed) => {
    await using upstream = await anUpstream();
    const { headers } = await post(`${upstream.url}/chat/completions`, chat('x'), {
      'x-client-request-id': id,
    });
    expect(headers.get('x-client-request-id')).toBe(echoed);
  });

  it('says when the reader left', async () => {
    await using upstream = await anUpstream({ fault: 'hang/midway' });
    const leave = new AbortController();
    const reply = await fetch(`${upstream.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify(chat('a b c', { stream: true })),
      signal: leave.signal,
    });
    expect(reply.status).toBe(200);
    leave.abort();
    await expect(upstream.requests[0]?.ended).resolves.toBe('closed');
  });
});
