/** Ways for a text of chat completions past the policies, each tried through the front door. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aDoor, chatChunk, chatStream, dataOf, DONE, frames } from './a-door.ts';

const CHAT = '/v1/chat/completions';
const CARD = '4111 1111 1111 1111';
const MASK = '[CREDIT_CARD_REDACTED]';
/** Digits of the card as they may be cut. */
const LEAK = /4111|1111/;

const door = aDoor();
afterAll(() => door.close());

/** The card in two chunks, in the place that the function makes. */
const halves = (place: (text: string) => JsonObject): string =>
  chatStream(place('Card 4111 1111'), place(' 1111 1111. '), place('Done.'));

describe('a text in a lane of a stream', () => {
  const call = (member: string) => (text: string) => ({
    tool_calls: [{ index: 0, [member]: member === 'function' ? { arguments: text } : { input: text } }],
  });
  it.each<[string, (text: string) => JsonObject]>([
    ['content', (content) => ({ content })],
    ['reasoning_content', (text) => ({ content: null, reasoning_content: text })],
    ['reasoning', (reasoning) => ({ reasoning })],
    ['reasoning_text', (text) => ({ reasoning_text: text })],
    ['thinking', (thinking) => ({ thinking })],
    ['an object of reasoning', (text) => ({ reasoning: { text } })],
    [
      'reasoning_details, text',
      (text) => ({ reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] }),
    ],
    ['reasoning_details, summary', (summary) => ({ reasoning_details: [{ summary, index: 1 }] })],
    [
      'blocks of thinking',
      (thinking) => ({ thinking_blocks: [{ type: 'thinking', thinking, signature: 's' }] }),
    ],
    ['a refusal', (refusal) => ({ refusal })],
    ['an audio transcript', (transcript) => ({ audio: { id: 'a', transcript } })],
    ['arguments of a function', call('function')],
    ['input of a custom tool', call('custom')],
    ['arguments of the legacy function call', (text) => ({ function_call: { arguments: text } })],
    ['content in parts', (text) => ({ content: [{ type: 'text', text }] })],
    [
      'thoughts in parts of content',
      (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
    ],
    ['a call without an index', (text) => ({ tool_calls: [{ function: { arguments: text } }] })],
  ])('is judged over chunks: %s', async (_, place) => {
    const { text } = await door.stream(CHAT, halves(place));
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
    expect(text.endsWith(DONE)).toBe(true);
    expect(door.event.redactions).toHaveLength(1);
  });

  it.each([
    ['the text of a completion beside the delta', { text: `Card ${CARD}.` }],
    ['a whole message', { message: { role: 'assistant', content: `Card ${CARD}.` } }],
  ])('is judged in the choice itself: %s', async (_, choice) => {
    const { text } = await door.stream(CHAT, frames(chatChunk({}, choice)) + chatStream({ content: 'So.' }));
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
  });

  it.each([
    [
      'arguments that are JSON itself',
      { tool_calls: [{ index: 0, function: { name: 'f', arguments: { c: CARD } } }] },
    ],
    ['content that is a number', { content: 4111111111111111 }],
    [
      'the title of a citation',
      { annotations: [{ type: 'url_citation', url_citation: { title: `Card ${CARD}` } }] },
    ],
  ])('is judged whole: %s', async (_, delta) => {
    const { text } = await door.stream(CHAT, chatStream(delta));
    expect(text).not.toMatch(LEAK);
    expect(text).toContain(MASK);
  });

  it('is judged in a choice without an index, and in each of those that take turns', async () => {
    const turn = (content: string): JsonObject => ({
      choices: [{ delta: { content } }, { index: 7, delta: { content } }, { index: 1, delta: { content } }],
    });
    const ends = [0, 7, 1].map((index) => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] }));
    const { text } = await door.stream(CHAT, frames(turn('4111 1111 '), turn('1111 1111 '), ...ends) + DONE);
    expect(text).not.toMatch(LEAK);
    expect(text.split(MASK)).toHaveLength(4);
  });

  it('keeps arguments valid JSON, whatever the spelling', async () => {
    const parts = [
      '{"card":"\\u0034111 1111 1',
      '111 1111","n":4111111',
      '111111111,"mail":"bob\\u0040ex',
      'ample.com"}',
    ];
    const { text } = await door.stream(
      CHAT,
      chatStream(...parts.map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] }))),
    );
    const whole = dataOf(text)
      .map((data) => /"arguments":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(data))?.[1] ?? '""')
      .map((literal) => String(JSON.parse(literal)))
      .join('');
    expect(JSON.parse(whole)).toEqual({ card: MASK, n: MASK, mail: '[EMAIL_REDACTED]' });
  });
});

describe('logprobs', () => {
  const entry = (token: string, others: readonly string[] = []): JsonObject => ({
    token,
    logprob: -0.1,
    bytes: [1],
    top_logprobs: [token, ...others].map((other) => ({ token: other, logprob: -1 })),
  });
  const said = (content: string, tokens: readonly JsonObject[]): JsonObject =>
    chatChunk({ content }, { logprobs: { content: tokens, refusal: null } });
  const end = frames(chatChunk({}, { finish_reason: 'stop' })) + DONE;

  it('stay with their bytes beside text that is not changed', async () => {
    const source =
      frames(
        said('Good', [entry('Good', ['Bad'])]),
        said(' morning', [entry(' morning')]),
        said('.', [entry('.')]),
      ) + end;
    expect((await door.stream(CHAT, source)).text).toBe(source);
  });

  it('go from the chunks whose text is changed, and from those alone', async () => {
    const tokens = ['My', ' card', ' 4111', ' 1111', ' 1111', ' 1111', ' is', ' gold'];
    const { text } = await door.stream(
      CHAT,
      frames(...tokens.map((token) => said(token, [entry(token)]))) + end,
    );
    expect(text).not.toMatch(LEAK);
    const kept = dataOf(text).filter((data) => JSON.stringify(data).includes('"logprobs"'));
    const texts = kept.map((data) => /"content":"([^"]*)"/.exec(JSON.stringify(data))?.[1]);
    expect(texts).toEqual(['My', ' card', ' is', ' gold']);
  });

  it('come with the last part of a chunk that is sent in two', async () => {
    const { text } = await door.stream(
      CHAT,
      frames(said('Two wor', [entry('Two wor')]), said('ds', [entry('ds')])) + end,
    );
    const parts = dataOf(text).map((data) => JSON.stringify(data));
    expect(parts[0]).toContain('"content":"Two "');
    expect(parts[0]).not.toContain('logprobs');
    expect(parts[1]).toContain('"content":"wor"');
    expect(parts[1]).toContain('"token":"Two wor"');
  });

  it.each([
    ['before the text', [said('', [entry('4111 1111 '), entry('1111 1111.')]), said('Hi.', [entry('Hi.')])]],
    [
      'over chunks without text',
      [said('', [entry('4111 1111')]), said('', [entry(' 1111 1111 ')]), said('Hi', [])],
    ],
    ['in a token that was not chosen', [said('Hi.', [entry('Hi.', [CARD])])]],
    [
      'in the shape of completions',
      [chatChunk({ content: 'Hi.' }, { logprobs: { tokens: [CARD], top_logprobs: null } })],
    ],
    ['in the last chunk', [chatChunk({}, { logprobs: { content: [entry(CARD)] }, finish_reason: 'stop' })]],
  ])('hide nothing: %s', async (_, chunks) => {
    const { text } = await door.stream(CHAT, frames(...chunks) + end);
    expect(text).not.toMatch(/4111|1111/);
    expect(text.endsWith(DONE)).toBe(true);
  });

  it.each([true, false])('go from a whole answer where its text is changed: %s', async (isChanged) => {
    const content = isChanged ? `Card ${CARD}.` : 'Card, please.';
    const logprobs = { content: [entry(content)] };
    const { json } = await door.whole(CHAT, { choices: [{ message: { content }, logprobs }] });
    expect(JSON.stringify(json).includes('logprobs')).toBe(!isChanged);
    expect(door.event.redactions).toHaveLength(isChanged ? 1 : 0);
  });
});

describe('citations', () => {
  const cite = (start: number, end: number): JsonObject => ({
    type: 'url_citation',
    url_citation: { start_index: start, end_index: end, url: 'https://a.example', title: 'A' },
  });
  const content = `Mail bob@example.com today. See the source.`;
  const shown = 'Mail [EMAIL_REDACTED] today. See the source.';
  const from = content.indexOf('See');

  it.each([
    ['behind a replacement', cite(from, from + 3), 'See'],
    ['before it', cite(0, 4), 'Mail'],
    ['over it', cite(0, 26), 'Mail [EMAIL_REDACTED] today'],
    ['within it', cite(7, 12), '[EMAIL_REDACTED]'],
    ['up into it', cite(0, 8), 'Mail [EMAIL_REDACTED]'],
  ])('point to the same words when they stand %s', async (_, annotation, words) => {
    const streamed = await door.stream(
      CHAT,
      chatStream(
        { content: content.slice(0, 9) },
        { content: content.slice(9) },
        { annotations: [annotation] },
      ),
    );
    const whole = await door.whole(CHAT, { choices: [{ message: { content, annotations: [annotation] } }] });
    for (const { text } of [streamed, whole]) {
      const [, start, end] = /"start_index":(\d+),"end_index":(\d+)/.exec(text) ?? [];
      expect(shown.slice(Number(start), Number(end))).toBe(words);
    }
  });

  it('wait for the text before them, and keep their bytes when it is not changed', async () => {
    const annotated = chatStream({ content: 'The' }, { content: ' source' }, { annotations: [cite(4, 10)] });
    expect((await door.stream(CHAT, annotated)).text).toBe(annotated);
  });
});

describe('what is no text', () => {
  const base64 = Buffer.from('4111 1111 1111 1111 bob@example.com '.repeat(40)).toString('base64');

  it.each<[string, JsonObject]>([
    ['audio', { audio: { id: 'a', data: base64, expires_at: 1 } }],
    ['images', { images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${base64}` } }] }],
    ['encrypted reasoning', { reasoning_details: [{ type: 'reasoning.encrypted', data: base64 }] }],
    [
      'an image part',
      { content: [{ type: 'image_url', image_url: { url: 'https://x.example/4111111111111111' } }] },
    ],
    ['an unknown field', { mood: { level: 12345678901234567890n.toString() } }],
  ])('passes byte for byte: %s', async (_, delta) => {
    const source = chatStream(delta);
    expect((await door.stream(CHAT, source)).text).toBe(source);
  });

  it.each([
    ['usage null', '{"id":"c","choices":[{"index":0,"delta":{"content":"Hi "}}],"usage":null}'],
    [
      'numbers of any size',
      '{"n":12345678901234567890,"f":1.50,"choices":[{"index":0,"delta":{"content":"Hi "}}]}',
    ],
    ['padding', '{"choices":[{"index":0,"delta":{"content":"Hi "}}],"obfuscation":"abc"}'],
    ['an empty delta', '{"choices":[{"index":0,"delta":{}}]}'],
    ['content that is null', '{"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}'],
    ['an empty list of choices', '{"choices":[],"prompt_filter_results":[]}'],
    ['a repeated role', '{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi "}}]}'],
  ])('stays as it is: %s', async (_, chunk) => {
    const source = frames(chunk) + chatStream({ content: 'there' });
    expect((await door.stream(CHAT, source)).text).toBe(source);
  });
});

describe('equal keys', () => {
  it.each([
    [
      'the one that is not judged first',
      `{"choices":[{"delta":{"content":"${CARD}"}}],"choices":[{"delta":{"content":"Hi. "}}]}`,
    ],
    ['the one that is judged last', `{"choices":[{"delta":{"content":"Hi. ","content":"${CARD}. "}}]}`],
    ['spelled otherwise', `{"choices":[{"delta":{"content":"${CARD}","c\\u006fntent":"Hi. "}}]}`],
  ])('leave one value for all readers: %s', async (_, chunk) => {
    const { text } = await door.stream(CHAT, frames(chunk) + chatStream({}));
    expect(text).not.toMatch(LEAK);
    const whole = await door.whole(CHAT, chunk.replaceAll('delta', 'message'));
    expect(whole.text).not.toMatch(LEAK);
  });
});
