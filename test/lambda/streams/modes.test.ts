/** What policies can do to a stream beside masking: end it, hold it back whole, put originals back, only watch. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import { aDoor, chatChunk, chatStream, dataOf, DONE, frames } from './a-door.ts';

const CHAT = '/v1/chat/completions';
const CARD = '4111 1111 1111 1111';
const chainOf = (entries: string, policy: string): string =>
  `policies: {chain: [${entries}]}\npolicy: {${policy}}\n`;

const blocking = aDoor(
  chainOf(
    'pii-detector, safety-filter',
    'pii-detector: {action: redact}, safety-filter: {block_if: [blue falcon]}',
  ),
);
const buffered = aDoor(
  chainOf(
    'pii-detector, {safety-filter: {streaming_mode: buffered}}',
    'pii-detector: {action: redact}, safety-filter: {block_if: [blue falcon]}',
  ),
);
const reversible = aDoor(
  chainOf('pii-detector', 'pii-detector: {action: redact, redaction: {reversible: true}}'),
);
const watching = aDoor(chainOf('{pii-detector: {mode: monitor}}', 'pii-detector: {action: block}'));
const strict = aDoor(chainOf('pii-detector', 'pii-detector: {action: block}'));
afterAll(() => Promise.all([blocking, buffered, reversible, watching, strict].map((door) => door.close())));

const contentOf = (text: string): string =>
  dataOf(text)
    .flatMap((data) => [...JSON.stringify(data).matchAll(/"content":("(?:[^"\\]|\\.)*")/g)])
    .map(([, literal = '""']) => String(JSON.parse(literal)))
    .join('');

describe('a stream that is blocked midway', () => {
  const begun = frames(chatChunk({ content: 'The plan is called ' }));
  const rest = frames(
    chatChunk({ content: 'blue' }),
    chatChunk({ content: ' fal' }),
    chatChunk({ content: 'con now' }),
  );

  it('ends with an error event behind what was released, without [DONE], and upstream is aborted', async () => {
    const { status, text } = await blocking.stream(CHAT, [begun, rest, chatStream({ content: 'and more' })]);
    expect(status).toBe(200);
    expect(contentOf(text)).toBe('The plan is called ');
    expect(text).not.toMatch(/blue|falcon|DONE|more/);
    expect(dataOf(text).at(-1)).toMatchObject({
      error: { type: 'policy_violation', code: 'output_blocked', policy: 'safety-filter' },
    });
    expect(blocking.isAborted).toBe(true);
    expect(blocking.event).toMatchObject({ verdict: 'block', reason_code: 'safety.blocked' });
  });

  it('is answered 409 when nothing was sent', async () => {
    const { status, json } = await blocking.stream(CHAT, [rest, DONE]);
    expect([status, json]).toMatchObject([409, { error: { code: 'output_blocked' } }]);
  });

  it.each<[string, JsonObject]>([
    ['reasoning', { reasoning_content: 'the blue falcon flies' }],
    ['arguments', { tool_calls: [{ index: 0, function: { arguments: '{"a":"the blue falcon"}' } }] }],
    ['a refusal', { refusal: 'no blue falcon here' }],
    ['a text after one that is fine', { reasoning_content: 'x', content: 'blue falcon and ' }],
    [
      'a text before one that is fine',
      { content: 'Then the blue falcon and ', refusal: 'this must not be seen ' },
    ],
    ['a citation', { annotations: [{ type: 'url_citation', url_citation: { title: 'blue falcon' } }] }],
  ])('is blocked for %s', async (_, delta) => {
    const { text } = await blocking.stream(CHAT, [begun, chatStream(delta)]);
    expect(text).not.toMatch(/falcon|must not be seen|DONE/);
    expect(dataOf(text).at(-1)).toMatchObject({ error: { code: 'output_blocked' } });
  });

  it('says the same in the words of Messages and of Responses', async () => {
    const delta = (text: string): JsonObject => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    });
    const messages = await blocking.stream('/v1/messages', [
      frames(delta('Well, ')),
      frames(delta('blue falcon now')),
    ]);
    expect(messages.text).toMatch(/event: error\ndata: .*"type":"error"/);
    expect(messages.text).not.toContain('falcon');
    const say = (text: string): JsonObject => ({
      type: 'response.output_text.delta',
      output_index: 0,
      content_index: 0,
      delta: text,
    });
    const responses = await blocking.stream('/v1/responses', [
      frames(say('Well, ')),
      frames(say('blue falcon now')),
    ]);
    expect(responses.text).toMatch(/event: error\ndata: .*"type":"error"/);
    expect(responses.text).not.toContain('falcon');
  });

  it('is blocked for personal data where the policy says so, and shows none of it', async () => {
    const { text } = await strict.stream(CHAT, [
      frames(chatChunk({ content: 'It is 4111 1111' })),
      chatStream({ content: ' 1111 1111.' }),
    ]);
    expect(contentOf(text)).toBe('It is ');
    expect(dataOf(text).at(-1)).toMatchObject({ error: { code: 'output_blocked' } });
  });
});

describe('a buffered stream', () => {
  it('shows nothing before all of it is judged, then the same frames', async () => {
    const source = chatStream(
      { role: 'assistant', content: '' },
      { content: 'Hello' },
      { content: ' there.' },
    );
    const { text, chunks } = await buffered.stream(CHAT, source.split(/(?<=\n\n)/));
    expect(text).toBe(source);
    expect(chunks[0]).toBe(source.replace(DONE, ''));
  });

  it('is masked as another is', async () => {
    const { text } = await buffered.stream(
      CHAT,
      chatStream({ content: 'Card 4111 1111' }, { content: ' 1111 1111.' }),
    );
    expect(contentOf(text)).toBe('Card [CREDIT_CARD_REDACTED].');
  });

  it('is answered 409 when its last word is objected to', async () => {
    const source = [
      frames(chatChunk({ content: 'A long and harmless beginning, then the blue ' })),
      chatStream({ content: 'falcon' }),
    ];
    const { status, text } = await buffered.stream(CHAT, source);
    expect(status).toBe(409);
    expect(text).not.toContain('harmless');
  });

  it('is answered with a status when upstream breaks off', async () => {
    const { status, text } = await buffered.stream(CHAT, frames(chatChunk({ content: 'Half of ' })));
    expect(status).toBe(502);
    expect(text).not.toContain('Half');
  });
});

describe('reversible redaction', () => {
  const ask = {
    messages: [{ role: 'user', content: 'Write to bob@example.com and to "al\\\\x"@example.org' }],
  };

  it('puts the originals back over chunks, in text and in arguments with their escapes', async () => {
    const [content, args] = ['Sent to [EMAIL_1].', '{"to":"[EMAIL_1]","cc":"[EMAIL_9]"}'];
    const cut = (text: string): readonly string[] => text.match(/.{1,3}/gs) ?? [];
    const source = chatStream(
      ...cut(content).map((part) => ({ content: part })),
      ...cut(args).map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
    );
    const { text } = await reversible.stream(CHAT, source, ask);
    expect(reversible.sent).toContain('[EMAIL_1]');
    expect(reversible.sent).not.toContain('bob@example.com');
    expect(contentOf(text)).toBe('Sent to bob@example.com.');
    const shown = [...text.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g)].map(([, literal = '""']) =>
      String(JSON.parse(literal)),
    );
    // A placeholder that the model made up stays as it is.
    expect(JSON.parse(shown.join(''))).toEqual({ to: 'bob@example.com', cc: '[EMAIL_9]' });
    expect(JSON.stringify(reversible.event)).not.toContain('bob@');
  });

  it('keeps an original that needs escapes valid in arguments', async () => {
    const { text } = await reversible.stream(
      CHAT,
      chatStream({
        tool_calls: [{ index: 0, function: { name: 'f', arguments: '{"a":"[EMAIL_1]","b":"[EMAIL_2]"}' } }],
      }),
      ask,
    );
    const literal = /"arguments":("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? '""';
    expect(() => void JSON.parse(String(JSON.parse(literal)))).not.toThrow();
  });

  it('knows nothing of another request', async () => {
    const { text } = await reversible.stream(CHAT, chatStream({ content: 'Sent to [EMAIL_1].' }));
    expect(contentOf(text)).toBe('Sent to [EMAIL_1].');
  });
});

describe('a policy that only watches', () => {
  it('leaves every byte and counts what it would have done', async () => {
    const source = chatStream({ content: 'Card' }, { content: ` ${CARD}` }, { content: '.' });
    expect((await watching.stream(CHAT, source)).text).toBe(source);
    const result = watching.event.policy_results.find(({ phase }) => phase === 'output');
    expect(result).toMatchObject({ mode: 'monitor', verdict: 'block' });
    expect(watching.event.verdict).toBe('allow');
  });
});
