/** The official OpenAI client reads the embedded upstream as it reads AIML API, weaknesses of the format included. */
import OpenAI, { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { anUpstream } from './post.ts';

const messages = [{ role: 'user' as const, content: 'repeat: one two three' }];

async function aClient(options: Parameters<typeof anUpstream>[0] = {}) {
  const upstream = await anUpstream(options);
  const client = new OpenAI({ apiKey: 'test', baseURL: upstream.url, maxRetries: 0 });
  return { client, [Symbol.asyncDispose]: () => upstream.close() };
}

describe('the official client', () => {
  it('reads a whole chat completion', async () => {
    await using api = await aClient();
    const reply = await api.client.chat.completions.create({ model: 'gpt-4o', messages });
    expect(reply.choices[0]?.message.content).toBe('one two three');
    expect(reply.model).toBe('gpt-4o-2024-08-06');
  });

  it('reads a streamed one, and meets a frame without choices in it', async () => {
    await using api = await aClient();
    let text = '';
    const withoutChoices: unknown[] = [];
    const stream = await api.client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
    for await (const chunk of stream) {
      if ('choices' in chunk) text += chunk.choices[0]?.delta.content ?? '';
      else withoutChoices.push(chunk);
    }
    expect(text).toBe('one two three');
    expect(withoutChoices).toMatchObject([{ meta: { usage: {} } }]);
  });

  it('reads tool calls', async () => {
    await using api = await aClient();
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const reply = await api.client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Oslo' }],
      tools: [{ type: 'function', function: { name: 'weather', parameters } }],
    });
    expect(reply.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
    ]);
  });

  it('reads a Responses stream with its own accumulator', async () => {
    await using api = await aClient({ reply: () => ({ reasoning: 'hm', text: 'one two' }) });
    const final = await api.client.responses.stream({ model: 'gpt-4o', input: 'q' }).finalResponse();
    expect(final.output_text).toBe('one two');
  });

  it('reads embeddings', async () => {
    await using api = await aClient();
    const { data } = await api.client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([16, 16]);
  });

  it.each([
    ['refuse/A/403', "403 You've run out of funds. Top up your balance."],
    ['refuse/B/403', "403 You've run out of funds. Top up your balance."],
    ['refuse/C/403', "403 You've run out of funds. Top up your balance."],
    ['refuse/D/403', '403 status code (no body)'],
  ] as const)('learns of %s what AIML API lets it learn, never a code', async (fault, message) => {
    await using api = await aClient({ fault });
    const failure = await api.client.chat.completions
      .create({ model: 'gpt-4o', messages })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: 403, message });
    expect(failure instanceof APIError && (failure.code ?? null)).toBeNull();
  });
});
