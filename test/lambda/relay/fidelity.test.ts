/** What no policy changes goes out with the bytes it came in with; what one changes keeps all but its text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { aRelay, cutAt } from './a-stream.ts';
import { toyChain } from './toy-chain.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Members that a chunk may have beside its text, as JSON text: spellings that parsing would lose among them. */
const EXTRAS: readonly string[] = [
  '"id":"chatcmpl-1"',
  '"created":12345678901234567890',
  '"ratio":1.50e+3',
  '"usage":null',
  '"obfuscation":"aB3"',
  '"sequence_number":7',
  '"vendor":{"a":[1,{"b":"c"}], "d" : -0}',
  '"note":"caf\\u00e9 \\/ \\"x\\""',
  '"model" : "m"',
  '"empty":{}',
  '"service_tier":"default"',
];

const TOKENS: readonly string[] = [
  'The',
  ' sun',
  ' rises',
  '.',
  ' It',
  "'s",
  ' (very',
  ')',
  ' bright',
  ',\n',
  ' é',
  '漢',
  ' 7',
];

interface Shape {
  readonly extras: readonly string[];
  readonly position: number;
  readonly spaced: boolean;
}

const anyShape: fc.Arbitrary<Shape> = fc.record({
  extras: fc.shuffledSubarray([...EXTRAS]),
  position: fc.nat({ max: EXTRAS.length }),
  spaced: fc.boolean(),
});

/** A chunk around the JSON spelling of its text. */
function chunkOf({ extras, position, spaced }: Shape, literal: string, index = 0): string {
  const choice = `{"index":${index},"delta":{"content":${literal}},"logprobs":null,"finish_reason":null}`;
  const members = [...extras];
  members.splice(position % (members.length + 1), 0, `"choices":[${choice}]`);
  return spaced ? `{ ${members.join(' , ')} }` : `{${members.join(',')}}`;
}

const anyFrame = fc.record({
  shape: anyShape,
  token: fc.constantFrom(...TOKENS),
  before: fc.constantFrom('', '', ': comment\n', 'id: 7\n', 'retry: 10\n'),
  lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
});

describe('a stream that no policy changes', () => {
  it('comes out byte for byte, one token a chunk, however it was cut', () => {
    const stream = fc.array(anyFrame, { maxLength: 12 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 10 }), (frames, cuts) => {
        const source =
          frames
            .map(({ shape, token, before, lineEnd }) => {
              const data = `data: ${chunkOf(shape, JSON.stringify(token))}`;
              return `${before}${data}\n\n`.replaceAll('\n', lineEnd);
            })
            .join('') + 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
        const relay = aRelay(toyChain());
        let out = '';
        for (const part of cutAt(source, cuts)) out += relay.push(encode(part));
        out += relay.push(encode('data: [DONE]\n\n')) + relay.end();
        expect(out).toBe(source);
      }),
      runs(2000),
    );
  });

  it('keeps every frame and the order in each choice when choices take turns', () => {
    const turn = fc.record({ index: fc.nat({ max: 3 }), token: fc.constantFrom(...TOKENS), shape: anyShape });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 20 }), (turns) => {
        const frames = turns.map(
          ({ index, token, shape }, at) =>
            `data: ${chunkOf({ ...shape, extras: [...shape.extras, `"at":${at}`] }, JSON.stringify(token), index)}\n\n`,
        );
        const relay = aRelay(toyChain());
        const out = relay.push(encode(frames.join(''))) + relay.push(encode('data: [DONE]\n\n'));
        const sent = out.split(/(?<=\n\n)/);
        expect(sent.toSorted()).toEqual(frames.toSorted());
        for (const index of [0, 1, 2, 3]) {
          const own = (frame: string): boolean => frame.includes(`{"index":${index},`);
          expect(sent.filter(own)).toEqual(frames.filter(own));
        }
      }),
      runs(1000),
    );
  });
});

describe('a chunk that a policy changes', () => {
  it('keeps every other byte of its data', () => {
    const text = fc.constantFrom('secret', ' card 42 ', 'my secret, ', 'a\\"secret\\u0020', 'key-abcdefgh ');
    fc.assert(
      fc.property(anyShape, text, (shape, spelling) => {
        const source = chunkOf(shape, `"${spelling}"`);
        const relay = aRelay(toyChain());
        const out = relay.push(encode(`data: ${source}\n\ndata: [DONE]\n\n`));
        const [first = '', second] = out.split('\n\n');
        expect(second).toBe('');
        const literal = /"delta":\{"content":("(?:[^"\\]|\\.)*")\}/;
        const shown = literal.exec(first)?.[1] ?? '';
        expect(first).toBe(`data: ${chunkOf(shape, shown)}`);
        expect(JSON.parse(shown)).toContain('[FOUND first of many]');
      }),
      runs(1500),
    );
  });

  it('keeps its event name, id and comment', () => {
    const relay = aRelay(toyChain());
    const data = '{"choices":[{"index":0,"delta":{"content":"secret"}}]}';
    const out = relay.push(encode(`: note\r\nid: 9\r\nevent: e\r\ndata: ${data}\r\n\r\ndata: [DONE]\n\n`));
    expect(out).toBe(`: note\nid: 9\nevent: e\ndata: ${data.replace('secret', '[FOUND first of many]')}\n\n`);
  });
});

describe('the cadence', () => {
  const chunk = (delta: object, more: object = {}): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
  const held = chunk({ content: 'unfinish' });

  it.each([
    ['a role', chunk({ role: 'assistant', content: '' })],
    [
      'a call without arguments',
      chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '' } }] }),
    ],
    ['a finished text of another lane', chunk({ reasoning_content: 'So. ' })],
    ['another choice', 'data: {"choices":[{"index":5,"delta":{"content":"Done. "}}]}\n\n'],
    ['usage', 'data: {"choices":[],"usage":{"total_tokens":3}}\n\n'],
    ['an unknown field', chunk({ mood: 'fine' })],
    ['a comment', ': still here\n\n'],
  ])('sends %s at once while text of a lane is held', (_, frame) => {
    const relay = aRelay(toyChain());
    expect(relay.push(encode(held))).toBe('');
    expect(relay.push(encode(frame))).toBe(frame);
  });

  it('sends the finish reason behind the text of its choice, and not behind that of another', () => {
    const relay = aRelay(toyChain());
    const finish = (index: number): string =>
      `data: {"choices":[{"index":${index},"delta":{},"finish_reason":"stop"}]}\n\n`;
    const other = 'data: {"choices":[{"index":1,"delta":{"content":"oth"}}]}\n\n';
    expect(relay.push(encode(held + other))).toBe('');
    expect(relay.push(encode(finish(0)))).toBe('');
    expect(relay.push(encode(finish(1)))).toBe(held + finish(0));
    expect(relay.push(encode('data: [DONE]\n\n'))).toBe(other + finish(1));
  });

  it('sends the finish reason at once when nothing is held', () => {
    const relay = aRelay(toyChain());
    const finish = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
    relay.push(encode(chunk({ content: 'Done. ' })));
    expect(relay.push(encode(finish))).toBe(finish);
  });
});
