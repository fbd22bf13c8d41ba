/** Ways for a text of Messages or plain completions past the policies, each tried through the front door. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aDoor, dataOf, DONE, frames } from './a-door.ts';

const MESSAGES = '/v1/messages';
const CARD = '4111 1111 1111 1111';
const MASK = '[CREDIT_CARD_REDACTED]';
const LEAK = /4111|1111/;

const door = aDoor();
afterAll(() => door.close());

const START = {
  type: 'message_start',
  message: { id: 'm', role: 'assistant', content: [], usage: { input_tokens: 1 } },
};
const END = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const stop = { type: 'content_block_stop', index: 0 };
const delta = (part: JsonObject, index = 0): JsonObject => ({
  type: 'content_block_delta',
  index,
  delta: part,
});
const begin = (block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index: 0,
  content_block: block,
});

describe('a block', () => {
  it.each<[string, (text: string) => JsonObject]>([
    ['text', (text) => ({ type: 'text_delta', text })],
    ['thinking', (thinking) => ({ type: 'thinking_delta', thinking })],
    ['input of a tool', (partial_json) => ({ type: 'input_json_delta', partial_json })],
    ['a summary of what was before', (content) => ({ type: 'compaction_delta', content })],
    ['two texts at once', (text) => ({ type: 'text_delta', text, thinking: text })],
  ])('is judged over deltas: %s', async (_, part) => {
    const parts = ['4111 1111', ' 1111 1111', '.'].map((text) => delta(part(text)));
    const { text } = await door.stream(
      MESSAGES,
      frames(START, begin({ type: 'text', text: '' }), ...parts, stop, ...END),
    );
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
    expect(dataOf(text).map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      ...parts.map(({ type }) => type),
      stop.type,
      'message_delta',
      'message_stop',
    ]);
  });

  it('begins with text that its deltas go on with', async () => {
    const events = [
      begin({ type: 'text', text: 'Card 4111 1111' }),
      delta({ type: 'text_delta', text: ' 1111 1111.' }),
      stop,
    ];
    const { text } = await door.stream(MESSAGES, frames(START, ...events, ...END));
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
  });

  it.each<[string, JsonObject]>([
    ['input that is whole', { type: 'tool_use', name: 'f', input: { c: CARD, n: 4111111111111111 } }],
    [
      'results of a search',
      { type: 'web_search_tool_result', content: [{ title: `Card ${CARD}`, url: 'u' }] },
    ],
    [
      'what a command wrote',
      { type: 'bash_code_execution_tool_result', content: { stdout: CARD, stderr: CARD } },
    ],
    [
      'a cited document',
      { type: 'text', text: 'Hi.', citations: [{ cited_text: CARD, document_title: CARD }] },
    ],
  ])('is judged streamed and whole: %s', async (_, block) => {
    const streamed = await door.stream(MESSAGES, frames(START, begin(block), stop, ...END));
    const whole = await door.whole(MESSAGES, { type: 'message', content: [block], stop_reason: 'end_turn' });
    const opened = await door.stream(MESSAGES, frames({ ...START, message: { content: [block] } }, ...END));
    for (const { text } of [streamed, whole, opened]) {
      expect(text).not.toMatch(LEAK);
      expect(text).toContain(MASK);
    }
    await door.whole(MESSAGES, { content: [] }, { messages: [{ role: 'assistant', content: [block] }] });
    expect(door.sent).not.toMatch(LEAK);
  });

  it('may cite, and the words of the source are judged', async () => {
    const citation = {
      type: 'char_location',
      cited_text: CARD,
      document_index: 0,
      start_char_index: 7,
      end_char_index: 9,
    };
    const { text } = await door.stream(
      MESSAGES,
      frames(START, delta({ type: 'citations_delta', citation }), stop, ...END),
    );
    expect(text).not.toMatch(LEAK);
    // Places in the caller's own document are not ours to move.
    expect(text).toContain('"start_char_index":7,"end_char_index":9');
  });

  it.each<[string, JsonObject]>([
    ['a signature', delta({ type: 'signature_delta', signature: 'NDExMSAxMTExIDExMTEgMTExMQ==' })],
    ['hidden thoughts', begin({ type: 'redacted_thinking', data: 'NDExMSAxMTExIDExMTEgMTExMQ==' })],
    ['a ping', { type: 'ping' }],
    ['an event of tomorrow', { type: 'new_event', index: 0, text_like: { n: 1 } }],
    ['a delta of tomorrow', delta({ type: 'new_delta', value: 5 })],
  ])('stays as it is: %s', async (_, event) => {
    const source = frames(START, event, stop, ...END);
    expect((await door.stream(MESSAGES, source)).text).toBe(source);
  });

  it('ends its text before the next one begins', async () => {
    const events = [
      delta({ type: 'text_delta', text: 'unfinished' }),
      stop,
      delta({ type: 'text_delta', text: 'Next' }, 1),
    ];
    const { text } = await door.stream(MESSAGES, frames(START, ...events, { ...stop, index: 1 }, ...END));
    expect(text).toBe(frames(START, ...events, { ...stop, index: 1 }, ...END));
  });
});

describe('a plain completion', () => {
  const chunk = (text: string, index = 0, more: JsonObject = {}): JsonObject => ({
    choices: [{ text, index, logprobs: null, finish_reason: null, ...more }],
  });

  it('is judged over chunks in each choice, and its logprobs go where text was changed', async () => {
    const logprobs = {
      tokens: [' 1111'],
      token_logprobs: [-1],
      top_logprobs: [{ ' 1111': -1 }],
      text_offset: [9],
    };
    const events = [
      ...[0, 1].flatMap((index) => [chunk('Card 4111 1111', index), chunk(' 1111', index, { logprobs })]),
      ...[0, 1].flatMap((index) => [chunk(' 1111.', index), chunk('', index, { finish_reason: 'stop' })]),
    ];
    const { text } = await door.stream('/v1/completions', frames(...events) + DONE);
    expect(text).not.toMatch(LEAK);
    expect(text).not.toContain('tokens');
    expect(text.split(MASK)).toHaveLength(3);
    expect(door.event.redactions).toHaveLength(2);
  });

  it('is judged whole', async () => {
    const { json } = await door.whole('/v1/completions', { choices: [{ text: `Card ${CARD}.`, index: 0 }] });
    expect(json).toEqual({ choices: [{ text: `Card ${MASK}.`, index: 0 }] });
  });
});
