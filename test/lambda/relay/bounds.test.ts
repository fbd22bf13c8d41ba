/** What a stream may keep in memory: a candidate for each lane, never its text. */
import { describe, expect, it } from 'vitest';
import { aRelay } from './a-stream.ts';
import { realChain } from './real-chain.ts';
import { toyChain } from './toy-chain.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const chunk = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const framesIn = (sse: string): number => sse.split('\n\n').length - 1;

describe('a lane without end', () => {
  it.each([
    ['that is swallowed', 'key-abcd', 'x'.repeat(1000)],
    ['of words', 'The', ' beginning'.repeat(100)],
    ['of white space', 'So', ' \n'.repeat(500)],
    ['of matches', 'So', ' secret'.repeat(140)],
  ])('gives every chunk but the last few back: %s', (_, first, rest) => {
    const relay = aRelay(toyChain());
    let sent = framesIn(relay.push(encode(chunk(first))));
    for (let index = 1; index <= 300; index += 1) {
      sent += framesIn(relay.push(encode(chunk(rest))));
      expect(index + 1 - sent).toBeLessThanOrEqual(1);
    }
  });

  it('gives them back through the policies of the product, keys included', () => {
    const relay = aRelay(realChain()());
    let out = relay.push(encode(chunk('Take this: AKIAIOSFODNN7EXAMPLE and eyJhbGciOiJIUzI1NiJ9.eyJ')));
    for (let index = 1; index <= 300; index += 1) {
      out += relay.push(encode(chunk('A1b2'.repeat(250))));
      expect(framesIn(out)).toBeGreaterThanOrEqual(index - 2);
    }
    expect(out).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });
});

describe('a buffered reply', () => {
  it('is a fault beyond its limit', () => {
    const relay = aRelay(toyChain('buffered'), { isBuffered: true, maxBufferedLength: 5000 });
    for (let index = 0; index < 200; index += 1) relay.push(encode(chunk('plain words, ')));
    expect(relay.progress.fault).toMatchObject({ kind: 'malformed' });
    expect(relay.end()).toBe('');
  });
});
