/** What waits and what does not: clean prose for its unfinished word at most, and no chunk for its bytes' sake. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { aRelay, cutAt, Reader } from './a-stream.ts';
import { chat } from './dialects.ts';
import { realChain } from './real-chain.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = realChain();
const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

const PROSE =
  'The harbour was quiet in the early morning. Boats rocked gently, their ropes creaking; gulls cried above. ' +
  'An old sailor (nobody knew his name) mended a net, "one knot at a time", as he said. Later, when the sun ' +
  'had climbed over the hills - slow and golden - children came running down the pier: laughing, shouting, ' +
  'daring each other to jump. Nothing else happened that day, yet everyone remembered it well.';

/**
 * The text up to its last finished word: one that white space follows. A full stop may go on as an address, and
 * punctuation alone comes with the word behind it.
 */
const finished = (text: string): string => /^.*[\p{L}\p{N}](?=[^\p{L}\p{N}\s]*\s)/su.exec(text)?.[0] ?? '';

describe('clean prose', () => {
  it('is out up to the last finished word after every chunk, however it is cut', () => {
    const window = fc.tuple(fc.nat({ max: PROSE.length - 120 }), fc.integer({ min: 1, max: 120 }));
    const lane = fc.constantFrom('content', 'reasoning_content', 'refusal');
    fc.assert(
      fc.property(window, fc.array(fc.nat(), { maxLength: 30 }), lane, ([from, length], cuts, member) => {
        const relay = aRelay(open());
        const reader = new Reader(chat);
        let sent = '';
        for (const text of cutAt(PROSE.slice(from, from + length), cuts)) {
          sent += text;
          reader.read(relay.push(encode(chunk({ [member]: text }))));
          const shown = reader.texts.get(`0:${member}`) ?? '';
          expect(sent.startsWith(shown)).toBe(true);
          expect(shown.length).toBeGreaterThanOrEqual(finished(sent).length);
        }
      }),
      runs(1000),
    );
  });

  it('keeps the bytes of one-token chunks, which wait for less than one chunk on average', () => {
    const relay = aRelay(open());
    const frames = (PROSE.match(/ ?[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? []).map((content) =>
      chunk({ content }),
    );
    let out = '';
    let waiting = 0;
    for (const [at, frame] of frames.entries()) {
      out += relay.push(encode(frame));
      const late = at + 1 - (out.split('\n\n').length - 1);
      expect(late).toBeLessThanOrEqual(2);
      waiting += late;
    }
    // One that still waits when the next chunk comes was a chunk late.
    expect(waiting / frames.length).toBeLessThanOrEqual(1);
    expect(out + relay.push(encode('data: [DONE]\n\n'))).toBe(frames.join(''));
  });
});

describe('a chunk of many words', () => {
  const parts = (sse: string): readonly unknown[] =>
    sse.split('\n\n').flatMap((frame) => (frame === '' ? [] : [JSON.parse(frame.slice(6)) as unknown]));

  it('is sent in two parts, the second without what may come once', () => {
    const relay = aRelay(open());
    const call = {
      index: 0,
      id: 'c1',
      type: 'function',
      function: { name: 'f', arguments: '{"a":"two wor' },
    };
    const delta = { role: 'assistant', content: 'Hello dear wor', tool_calls: [call] };
    const first = relay.push(encode(chunk(delta)));
    expect(parts(first)).toEqual([
      {
        choices: [
          {
            index: 0,
            delta: {
              ...delta,
              content: 'Hello dear ',
              tool_calls: [{ ...call, function: { name: 'f', arguments: '{"a":"two ' } }],
            },
          },
        ],
      },
    ]);
    const second = relay.push(
      encode(chunk({ content: 'ld. ', tool_calls: [{ index: 0, function: { arguments: 'ds"}' } }] })),
    );
    expect(parts(second)[0]).toEqual({
      choices: [
        {
          index: 0,
          delta: {
            content: 'wor',
            tool_calls: [{ index: 0, type: 'function', function: { arguments: 'wor' } }],
          },
        },
      ],
    });
  });

  it.each([
    ['a finish reason', { finish_reason: 'stop' }, {}],
    ['usage', {}, { usage: { total_tokens: 3 } }],
    ['citations', { delta: { content: 'Hello dear wor', annotations: [{ type: 'x' }] } }, {}],
    ['sound', { delta: { content: 'Hello dear wor', audio: { data: 'AAAA' } } }, {}],
    ['what is not known', { delta: { content: 'Hello dear wor', extra: 'x' } }, {}],
  ])('goes out once when it carries %s', (_, choice, more) => {
    const relay = aRelay(open());
    const data = { choices: [{ index: 0, delta: { content: 'Hello dear wor' }, ...choice }], ...more };
    const frame = `data: ${JSON.stringify(data)}\n\n`;
    expect(relay.push(encode(frame))).toBe('');
    expect(relay.push(encode('data: [DONE]\n\n'))).toBe(frame);
  });

  it('never overtakes an earlier chunk of one of its lanes', () => {
    const relay = aRelay(open());
    const both = chunk({ content: 'First. ', reasoning: 'unfinish', extra: 'keeps it whole' });
    const next = chunk({ content: 'Second. ' });
    expect(relay.push(encode(both + next))).toBe('');
    expect(relay.push(encode(chunk({ reasoning: 'ed. ' })))).toBe(both + next + chunk({ reasoning: 'ed. ' }));
  });
});

describe('the last words of a choice', () => {
  const finish = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
  const card = ['Card 4111 1111', ' 1111 1111.'];

  it('hide a number that goes on after a finish reason', () => {
    const relay = aRelay(open());
    let out = relay.push(encode(chunk({ content: card[0] }) + finish + chunk({ content: card[1] })));
    out += relay.push(encode('data: [DONE]\n\n')) + relay.end();
    const reader = new Reader(chat);
    reader.read(out);
    expect(reader.texts.get('0:content')).toBe('Card [CREDIT_CARD_REDACTED].');
  });

  it('hide a number over chunks that all name a finish reason', () => {
    const relay = aRelay(open());
    const reader = new Reader(chat);
    for (const content of ['Card ', '41', '11 1111', ' 1111 11', '11 is ', 'mine']) {
      const data = { choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] };
      reader.read(relay.push(encode(`data: ${JSON.stringify(data)}\n\n`)));
    }
    reader.read(relay.end());
    expect(reader.texts.get('0:content')).toBe('Card [CREDIT_CARD_REDACTED] is mine');
  });

  it('come when upstream is silent, and text after that is a fault', () => {
    const relay = aRelay(open());
    expect(relay.push(encode(chunk({ content: 'the end' }) + finish))).toBe(chunk({ content: 'the ' }));
    expect(relay.isInDoubt).toBe(true);
    expect(relay.settle()).toBe(chunk({ content: 'end' }) + finish);
    expect(relay.isInDoubt).toBe(false);
    expect(relay.push(encode(chunk({ content: ' or not' })))).toBe('');
    expect(relay.progress.fault).toMatchObject({ kind: 'malformed' });
  });
});

describe('a stream that is cut', () => {
  it.each([
    ['without a finish reason', chunk({ content: 'All fine, then 4111 1111 1111' })],
    ['in the last frame', `${chunk({ content: 'All fine, then 4111 1111 1111' })}data: {"choices":[{"ind`],
  ])('shows nothing of what was held: %s', (_, source) => {
    const relay = aRelay(open());
    expect(relay.push(encode(source))).toContain('All fine, then ');
    expect(relay.end()).toBe('');
    expect(relay.progress.isComplete).toBe(false);
  });
});
