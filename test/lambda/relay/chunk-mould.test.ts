import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asChunk, ChunkReader } from '../../../lambda/relay/read-chunk.ts';
import type { ReadFrame } from '../../../lambda/relay/read-chunk.ts';
import { chatFormat } from '../../../lambda/wire/chat.ts';
import { messagesFormat } from '../../../lambda/wire/messages.ts';
import { responsesFormat } from '../../../lambda/wire/responses.ts';
import type { WireFormat } from '../../../lambda/wire/wire-format.ts';
import { runs } from '../../support/runs.ts';

/** Counts how often a chunk had to be parsed. */
function aReader(format: WireFormat) {
  let parsed = 0;
  const counting: WireFormat = {
    ...format,
    readChunk: (...given) => {
      parsed += 1;
      return format.readChunk(...given);
    },
  };
  const reader = new ChunkReader(counting, () => false);
  return {
    read: (json: string, event?: string): ReadFrame =>
      reader.read({ raw: `data: ${json}\n\n`, data: json, ...(event !== undefined && { event }) }, json),
    get parsed() {
      return parsed;
    },
  };
}

/** What is said, without the data, which a known shape shares. */
const said = (frame: ReadFrame) => {
  if (frame.kind === 'text') return [frame.text, asChunk(frame).reading];
  return frame.kind === 'chunk' ? [frame.text, frame.reading] : frame.kind;
};
const afresh = (format: WireFormat, json: string, event?: string) => said(aReader(format).read(json, event));

const chat = (content: string, more = ''): string =>
  `{"id":"c","choices":[{"index":0,"delta":{"content":${content}},"finish_reason":null}],"usage":null${more}}`;
const responses = (delta: string, count: number): string =>
  `{"type":"response.output_text.delta","sequence_number":${count},"output_index":0,"delta":"${delta}","obfuscation":"${'x'.repeat(count % 7)}"}`;

describe('chunks of a known shape', () => {
  it.each<[string, WireFormat, (index: number) => string]>([
    ['chat', chatFormat, (index) => chat(`" word${index}"`)],
    [
      'chat with padding',
      chatFormat,
      (index) => chat(`" w${index}"`, `,"obfuscation":"${'p'.repeat(index % 9)}"`),
    ],
    [
      'messages',
      messagesFormat,
      (index) => `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"w${index}"}}`,
    ],
    ['responses', responsesFormat, (index) => responses(`w${index}`, index)],
  ])('are parsed once: %s', (_, format, chunk) => {
    const reader = aReader(format);
    for (let index = 0; index < 50; index += 1) {
      const json = chunk(index);
      expect(said(reader.read(json))).toEqual(afresh(format, json));
    }
    expect(reader.parsed).toBe(1);
  });

  it.each([
    ['an escape', chat('"a\\nb"')],
    ['an empty text', chat('""')],
    ['null', chat('null')],
    ['a text that ends early', chat('"a"},"x":{"content":"b"')],
    ['a finish reason', chat('"a"').replace('null}]', '"stop"}]')],
    ['usage', chat('"a"').replace('"usage":null', '"usage":{"total_tokens":1}')],
    ['a role', chat('"a","role":"assistant"')],
    ['a second key', chat('"a","content":"b"')],
    ['a control character', chat('"a\u0001b"')],
    ['less', chat('"a"').slice(0, -1)],
    ['more', `${chat('"a"')} `],
    ['another index', chat('"a"').replace('"index":0', '"index":1')],
  ])('are not mistaken for one with %s', (_, json) => {
    const reader = aReader(chatFormat);
    reader.read(chat('"first"'));
    expect(said(reader.read(json))).toEqual(afresh(chatFormat, json));
    expect(said(reader.read(chat('"next"')))).toEqual(afresh(chatFormat, chat('"next"')));
  });

  it.each(['01', '-1', '1.5', '1e3', '""', 'null', ''])(
    'are not mistaken for one with the count %s',
    (count) => {
      const reader = aReader(responsesFormat);
      reader.read(responses('a', 1));
      const json = responses('b', 2).replace('"sequence_number":2', `"sequence_number":${count}`);
      expect(said(reader.read(json))).toEqual(afresh(responsesFormat, json));
    },
  );

  it('are read by their event name where the data does not say', () => {
    const reader = aReader(responsesFormat);
    const json = '{"output_index":0,"delta":"text"}';
    for (const event of ['response.output_text.delta', 'response.refusal.delta', 'response.audio.delta']) {
      expect(said(reader.read(json, event))).toEqual(afresh(responsesFormat, json, event));
    }
  });

  it('say what parsing says, in any mixture of shapes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', '\\', '\n', '\u2028', ' a'),
    );
    const chunk = fc
      .record({
        choice: fc.record({
          index: fc.nat({ max: 9 }),
          delta: fc.dictionary(fc.constantFrom('content', 'reasoning', 'role', 'x'), text, { maxKeys: 2 }),
          finish_reason: fc.constantFrom(null, null, 'stop'),
        }),
        usage: fc.constantFrom(null, null, { total_tokens: 3 }),
        obfuscation: fc.option(text, { nil: undefined }),
      })
      .map(({ choice, ...rest }) => JSON.stringify({ choices: [choice], ...rest }));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
        const reader = aReader(chatFormat);
        for (const json of chunks) expect(said(reader.read(json))).toEqual(afresh(chatFormat, json));
      }),
      runs(300),
    );
  });
});
