/** Streams that go wrong: each has one outcome for the caller, the event and upstream, and held text is dropped. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aDoor, chatChunk, chatStream, dataOf, DONE, frames } from './a-door.ts';
import type { Raw } from './a-door.ts';

const CHAT = '/v1/chat/completions';
const door = aDoor();
afterAll(() => door.close());

const begun = frames(
  chatChunk({ role: 'assistant', content: '' }),
  chatChunk({ content: 'All is well. Secre' }),
);
const finish = frames(chatChunk({}, { finish_reason: 'stop' }));

describe('a stream that breaks after its first words', () => {
  const card = chatChunk({ content: 't: 4111 1111' });
  it.each<[string, string, string]>([
    ['ends without a word', '', 'upstream_error'],
    ['ends within a frame', 'data: {"choices":[{"ind', 'upstream_error'],
    ['ends with one of two choices unfinished', finish.replace('"index":0', '"index":1'), 'upstream_error'],
    ['sends an error object', frames({ error: { message: 'no more', code: 'x' } }), 'upstream_error'],
    ['sends an error of AIML API', frames({ statusCode: 500, message: 'broken' }), 'upstream_error'],
    ['sends JSON that is no object', `data: [1,2]\n\n${finish}${DONE}`, 'upstream_malformed'],
    ['sends no JSON', `data: oops\n\n${finish}${DONE}`, 'upstream_malformed'],
    [
      'sends JSON nested too deep',
      `data: {"a":${'['.repeat(200)}${']'.repeat(200)}}\n\n`,
      'upstream_malformed',
    ],
    [
      'sends a line of five million letters',
      `data: {"x":"${'x'.repeat(5_000_000)}"}\n\n`,
      'upstream_malformed',
    ],
    ['breaks off in a card number', frames(card), 'upstream_error'],
  ])('tells the caller: %s', async (_, rest, code) => {
    const { status, text } = await door.stream(CHAT, [begun, rest]);
    expect(status).toBe(200);
    expect(text).toContain('All is well.');
    expect(text).not.toMatch(rest.includes('4111') ? /4111/ : /Secre/);
    expect(text).not.toContain('[DONE]');
    expect(dataOf(text).at(-1)).toMatchObject({ error: { code } });
    expect(door.event).toMatchObject({ verdict: 'error', attempts: [{ error: code }] });
  });

  it('is answered with a status when nothing was sent yet', async () => {
    const { status, json } = await door.stream(CHAT, `${begun}data: oops\n\n`);
    expect([status, json]).toMatchObject([502, { error: { code: 'upstream_malformed' } }]);
  });

  it('aborts upstream where it can not go on', async () => {
    await door.stream(CHAT, [begun, `data: oops\n\n${finish}`]);
    expect(door.isAborted).toBe(true);
  });
});

describe('a stream that is odd and complete', () => {
  const hi = chatChunk({ content: 'Hi.' });
  const shown = frames(hi) + finish + DONE;
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  it.each<[string, Raw, string]>([
    ['no [DONE]', frames(hi) + finish, shown],
    ['events after [DONE]', shown + frames(chatChunk({ content: ' 4111 1111 1111 1111' })), shown],
    ['[DONE] twice', shown + DONE, shown],
    ['a byte order mark', `\uFEFF${shown}`, shown],
    ['no blank line at the end', shown.trimEnd(), shown],
    ['CRLF', crlf(shown), crlf(frames(hi) + finish) + DONE],
    ['comments and ids', `: hello\n\nid: 7\n${shown}`, `: hello\n\nid: 7\n${shown}`],
    ['blank lines everywhere', `\n\n${frames(hi)}\n\n\n\n${finish}\n\n${DONE}`, shown],
    ['data without text', `data:\n\ndata:    \n\n${shown}`, shown],
    ['lines of no known field', `junk 4111 1111 1111 1111\n\nmore: x\n${shown}`, shown],
    ['white space around [DONE]', `${frames(hi)}${finish}data:  [DONE] \n\n`, shown],
    [
      'an empty finish reason',
      frames(chatChunk({ content: 'Hi.' }, { finish_reason: '' })) + finish + DONE,
      '',
    ],
    [
      'a finish reason with the text',
      frames(chatChunk({ content: 'Hi.' }, { finish_reason: 'stop' })) + DONE,
      '',
    ],
  ])('is passed on in order: %s', async (_, raw, expected) => {
    const { text } = await door.stream(CHAT, raw);
    expect(text).toBe(expected === '' ? raw : expected);
    expect(door.event.verdict).toBe('allow');
  });

  it.each([
    ['end_turn', 'stop'],
    ['tool_use', 'tool_calls'],
    ['content_filter', 'content_filter'],
  ])('names the finish reason %s, which the clients know as %s', async (reason, known) => {
    const choice = { finish_reason: reason };
    const { text } = await door.stream(CHAT, frames(hi, chatChunk({}, choice)) + DONE);
    expect(text).toBe(frames(hi, chatChunk({}, { finish_reason: known })) + DONE);
    expect(door.event.finish_reason).toBe(reason);
  });

  it('has no text at all', async () => {
    const { text } = await door.stream(CHAT, finish + DONE);
    expect(text).toBe(finish + DONE);
  });

  it('puts JSON over several data lines', async () => {
    const pretty = JSON.stringify(hi, undefined, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`);
    const raw = `${pretty.join('')}\n${finish}${DONE}`;
    expect((await door.stream(CHAT, raw)).text).toBe(raw);
  });

  it('has bytes that are no UTF-8, which are shown as the standard says', async () => {
    const bytes = Buffer.concat([
      Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"a'),
      Buffer.from([0xff]),
      Buffer.from(`b. "}}]}\n\n${finish}${DONE}`),
    ]);
    expect((await door.stream(CHAT, bytes)).text).toContain('a\uFFFDb. ');
  });

  it('comes byte by byte', async () => {
    const source = frames(chatChunk({ content: 'Grüße 😀 4111 1111 1111 1111 — fin.' })) + finish + DONE;
    async function* single() {
      for (const byte of Buffer.from(source)) yield Uint8Array.of(byte);
    }
    const { text } = await door.stream(CHAT, single());
    expect(
      dataOf(text)
        .map((data) => JSON.stringify(data))
        .join(''),
    ).toContain('Grüße 😀 ');
    expect(text).not.toMatch(/4111|1111/);
  });

  it('has a thousand choices', async () => {
    const all = (make: (index: number) => JsonObject): string =>
      frames(...Array.from({ length: 1000 }, (_, index) => ({ choices: [{ index, ...make(index) }] })));
    const source =
      all(() => ({ delta: { content: 'Card 4111 1111' } })) +
      all(() => ({ delta: { content: ' 1111 1111. ' } })) +
      all(() => ({ delta: {}, finish_reason: 'stop' }));
    const { text } = await door.stream(CHAT, source + DONE);
    expect(text).not.toMatch(/4111|1111/);
    expect(text.split('[CREDIT_CARD_REDACTED]')).toHaveLength(1001);
    expect(text.endsWith(DONE)).toBe(true);
  });

  it('has more texts than anybody can hold', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      choices: [{ index, delta: { content: 'x' } }],
    }));
    const { text } = await door.stream(CHAT, [begun, frames(...many)]);
    expect(dataOf(text).at(-1)).toMatchObject({ error: { code: 'upstream_malformed' } });
  });
});

describe('an answer of the wrong kind', () => {
  it('is a stream where JSON was asked for', async () => {
    const { status, json } = await door.stream(CHAT, chatStream({ content: 'Hi' }), { stream: false });
    expect([status, json]).toMatchObject([502, { error: { code: 'upstream_malformed' } }]);
  });

  it('is JSON where a stream was asked for', async () => {
    const { status, json } = await door.whole(CHAT, { choices: [] }, { stream: true });
    expect([status, json]).toMatchObject([502, { error: { code: 'upstream_malformed' } }]);
  });
});

describe('usage and cost', () => {
  const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };
  const cost = { meta: { usage: { usd_spent: 0.5 } } };
  const source = frames(chatChunk({ content: 'Hi.' })) + finish + frames(usage, cost) + DONE;

  it('are asked for, kept from a caller who did not ask, and stand in the event', async () => {
    const { text } = await door.stream(CHAT, source);
    expect(door.sent).toContain('"stream_options":{"include_usage":true}');
    expect(text).toBe(frames(chatChunk({ content: 'Hi.' })) + finish + DONE);
    expect(door.event).toMatchObject({ input_tokens: 3, output_tokens: 2, usage_estimated: false });
  });

  it('reach a caller who asked, with the choices that its client needs', async () => {
    const { text } = await door.stream(CHAT, source, { stream_options: { include_usage: true } });
    expect(dataOf(text).slice(-2)).toEqual([usage, { ...cost, choices: [] }]);
  });

  it('are estimated and marked so when the stream is cut', async () => {
    await door.stream(CHAT, [begun, '']);
    expect(door.event).toMatchObject({ usage_estimated: true });
  });
});
