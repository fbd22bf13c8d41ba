/** Ways for a text of the Responses API past the policies, each tried through the front door. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aDoor, dataOf, frames } from './a-door.ts';

const RESPONSES = '/v1/responses';
const CARD = '4111 1111 1111 1111';
const MASK = '[CREDIT_CARD_REDACTED]';
const LEAK = /4111|1111/;

const door = aDoor();
afterAll(() => door.close());

const at = { item_id: 'i', output_index: 0 };
const completed = (output: readonly JsonObject[] = []): JsonObject => ({
  type: 'response.completed',
  response: { id: 'r', status: 'completed', output, usage: { input_tokens: 1, output_tokens: 2 } },
});

describe('a delta', () => {
  it.each([
    ['response.output_text', { content_index: 0 }],
    ['response.refusal', { content_index: 1 }],
    ['response.reasoning_text', { content_index: 0 }],
    ['response.reasoning_summary_text', { summary_index: 2 }],
    ['response.function_call_arguments', {}],
    ['response.mcp_call_arguments', {}],
    ['response.custom_tool_call_input', {}],
    ['response.code_interpreter_call_code', {}],
    ['response.audio.transcript', {}],
    ['response.output_audio_transcript', { content_index: 0 }],
    ['response.text_of_tomorrow', {}],
  ])('is judged over events: %s', async (name, place) => {
    const parts = ['Card 4111 1111', ' 1111 1111', '. So.'];
    const events = parts.map((delta) => ({ type: `${name}.delta`, ...at, ...place, delta }));
    const { text } = await door.stream(RESPONSES, frames(...events, completed()));
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
    expect(dataOf(text).at(-1)).toEqual(completed());
  });

  it.each([
    ['an object', { delta: { text: `Card ${CARD}. ` } }],
    ['of a type that is in the event name alone', { delta: `Card ${CARD}. ` }],
  ])('is judged as %s', async (_, data) => {
    const frame = `event: response.new.delta\ndata: ${JSON.stringify({ ...at, ...data })}\n\n`;
    const { text } = await door.stream(RESPONSES, frame + frames(completed()));
    expect(text).not.toMatch(LEAK);
  });

  it.each([
    ['response.audio.delta', { delta: 'NDExMSAxMTExIDExMTEgMTExMQ==' }],
    ['response.image_generation_call.partial_image', { partial_image_b64: 'NDExMSAxMTEx' }],
    ['response.something.happened', { status: 'fine', n: '12345678901234567890' }],
  ])('of another kind stays as it is: %s', async (type, data) => {
    const source = frames({ type, ...at, ...data });
    const { text } = await door.stream(RESPONSES, source + frames(completed()));
    expect(text).toBe(source + frames(completed()));
  });
});

describe('what an item begins with', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'a part',
      {
        type: 'response.content_part.added',
        content_index: 0,
        part: { type: 'output_text', text: 'Card 4111 1111' },
      },
      { type: 'response.output_text.delta', content_index: 0, delta: ' 1111 1111. ' },
    ],
    [
      'an item with content',
      {
        type: 'response.output_item.added',
        item: { type: 'message', content: [{ type: 'output_text', text: 'Card 4111 1111' }] },
      },
      { type: 'response.output_text.delta', content_index: 0, delta: ' 1111 1111. ' },
    ],
    [
      'an item with arguments',
      {
        type: 'response.output_item.added',
        item: { type: 'function_call', name: 'f', arguments: '{"c":"4111 1111' },
      },
      { type: 'response.function_call_arguments.delta', delta: ' 1111 1111"}' },
    ],
  ])('goes on in its deltas: %s', async (_, added, delta) => {
    const { text } = await door.stream(
      RESPONSES,
      frames({ ...at, ...added }, { ...at, ...delta }, completed()),
    );
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
  });
});

describe('what is said again', () => {
  const text = `Card ${CARD}. `;
  const message = { type: 'message', content: [{ type: 'output_text', text, annotations: [] }] };
  const source = frames(
    { type: 'response.output_text.delta', ...at, content_index: 0, delta: text },
    { type: 'response.output_text.done', ...at, content_index: 0, text },
    { type: 'response.content_part.done', ...at, content_index: 0, part: message.content[0] ?? {} },
    { type: 'response.output_item.done', ...at, item: message },
    { type: 'response.completed', response: { status: 'completed', output: [message], output_text: text } },
  );

  it('is the same everywhere, and counts once', async () => {
    const reply = await door.stream(RESPONSES, source);
    expect(reply.text).not.toMatch(LEAK);
    expect(reply.text.split(MASK)).toHaveLength(7);
    expect(door.event.redactions).toHaveLength(1);
    const pii = door.event.policy_results.find(
      ({ kind, phase }) => kind === 'pii-detector' && phase === 'output',
    );
    expect(pii?.entities).toEqual({ CREDIT_CARD: 1 });
  });

  it('gives the whole answer the same digest and count', async () => {
    await door.stream(RESPONSES, source);
    const streamed = door.event;
    await door.whole(RESPONSES, { id: 'r', status: 'completed', output: [message], output_text: text });
    expect(door.event.output_hash).toBe(streamed.output_hash);
    expect(door.event.redactions).toEqual(streamed.redactions);
  });

  it('is judged where nothing was streamed before', async () => {
    const reply = await door.stream(RESPONSES, frames(completed([message])));
    expect(reply.text).not.toMatch(LEAK);
    expect(door.event.redactions).toHaveLength(1);
  });
});

describe('items', () => {
  it.each<[string, JsonObject]>([
    ['a search', { type: 'web_search_call', action: { type: 'search', query: CARD } }],
    [
      'a search in files',
      { type: 'file_search_call', queries: [CARD], results: [{ text: CARD, score: 0.5 }] },
    ],
    ['a command', { type: 'local_shell_call', action: { type: 'exec', command: ['echo', CARD] } }],
    ['keys to type', { type: 'computer_call', action: { type: 'type', text: CARD } }],
    ['a patch', { type: 'apply_patch_call', operation: { diff: `+ ${CARD}` } }],
    [
      'code and its logs',
      { type: 'code_interpreter_call', code: CARD, outputs: [{ type: 'logs', logs: CARD }] },
    ],
    [
      'a call and what it gave',
      { type: 'mcp_call', arguments: `{"c":"${CARD}"}`, output: CARD, error: CARD },
    ],
    ['arguments that are JSON itself', { type: 'function_call', name: 'f', arguments: { c: CARD } }],
    ['what a shell wrote', { type: 'shell_call_output', output: [{ stdout: CARD, stderr: CARD }] }],
    ['a thought', { type: 'reasoning', summary: [{ text: CARD }], content: [{ text: CARD }] }],
    [
      'logprobs',
      { type: 'message', content: [{ text: 'Hi', logprobs: [{ token: CARD, top_logprobs: [] }] }] },
    ],
  ])('are judged streamed and whole: %s', async (_, item) => {
    const events = [{ type: 'response.output_item.done', ...at, item }, completed([item])];
    expect((await door.stream(RESPONSES, frames(...events))).text).not.toMatch(LEAK);
    expect((await door.whole(RESPONSES, { status: 'completed', output: [item] })).text).not.toMatch(LEAK);
    const ask = { input: [{ role: 'user', content: 'go on' }, item] };
    await door.whole(RESPONSES, { status: 'completed', output: [] }, ask);
    if (item['type'] !== 'message') expect(door.sent).not.toMatch(LEAK);
  });

  it('pass images and encrypted thoughts byte for byte', async () => {
    const result = Buffer.from(CARD.repeat(50)).toString('base64');
    const items = [
      { type: 'image_generation_call', result },
      { type: 'reasoning', summary: [], encrypted_content: result },
    ];
    const source = frames(completed(items));
    expect((await door.stream(RESPONSES, source)).text).toBe(source);
  });
});

describe('citations and logprobs of deltas', () => {
  const content = 'Mail bob@example.com today. See the source. ';
  const shown = 'Mail [EMAIL_REDACTED] today. See the source. ';
  const start = content.indexOf('See');
  const annotation = {
    type: 'url_citation',
    start_index: start,
    end_index: start + 3,
    title: CARD,
    url: 'u',
  };

  it('move with the text before them, in their event and wherever they are said again', async () => {
    const part = { type: 'output_text', text: content, annotations: [annotation] };
    const place = { ...at, content_index: 0 };
    const events = [
      { type: 'response.output_text.delta', ...place, delta: content.slice(0, 12) },
      { type: 'response.output_text.delta', ...place, delta: content.slice(12) },
      { type: 'response.output_text.annotation.added', ...place, annotation_index: 0, annotation },
      { type: 'response.content_part.done', ...place, part },
      completed([{ type: 'message', content: [part] }]),
    ];
    const { text } = await door.stream(RESPONSES, frames(...events));
    expect(text).not.toMatch(LEAK);
    const spans = [...text.matchAll(/"start_index":(\d+),"end_index":(\d+)/g)];
    expect(spans).toHaveLength(3);
    for (const [, from, to] of spans) expect(shown.slice(Number(from), Number(to))).toBe('See');
  });

  it('take logprobs away with the text that they repeat', async () => {
    const say = (delta: string): JsonObject => ({
      type: 'response.output_text.delta',
      ...at,
      content_index: 0,
      delta,
      logprobs: [{ token: delta, logprob: -1, top_logprobs: [] }],
    });
    const { text } = await door.stream(
      RESPONSES,
      frames(say('My'), say(' 4111'), say(' 1111'), say(' 1111'), say(' 1111'), say(' card'), completed()),
    );
    expect(text).not.toMatch(LEAK);
    expect(text.split('"logprobs"')).toHaveLength(3);
  });
});
