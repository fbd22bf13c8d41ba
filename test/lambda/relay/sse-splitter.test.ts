import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withData } from '../../../lambda/relay/sse-frame.ts';
import type { SseFrame } from '../../../lambda/relay/sse-frame.ts';
import { FrameTooLarge, SseSplitter } from '../../../lambda/relay/sse-splitter.ts';
import { runs } from '../../support/runs.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function split(bytes: Uint8Array, cuts: readonly number[] = []): readonly SseFrame[] {
  const splitter = new SseSplitter(1_000_000);
  const frames: SseFrame[] = [];
  let from = 0;
  for (const cut of [
    ...cuts.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]) {
    frames.push(...splitter.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return [...frames, ...splitter.end()];
}

const dataOf = (text: string) => split(encode(text)).map(({ data }) => data);

describe('SseSplitter', () => {
  it.each([
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['carriage returns and line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['lone carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['mixed line ends', 'data: a\n\r\ndata: b\r\n\n', ['a', 'b']],
    ['data of several lines', 'data: a\ndata: b\n\n', ['a\nb']],
    ['data without a space', 'data:a\n\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['an end without a blank line', 'data: a\n\ndata: b', ['a', 'b']],
    ['an end with one line end', 'data: a\n', ['a']],
    ['comments', ': hello\n\ndata: a\n\n', [undefined, 'a']],
    ['extra blank lines', 'data: a\n\n\n\ndata: b\n\n', ['a', undefined, 'b']],
    ['a field without a colon', 'data\n\n', ['']],
  ])('reads %s', (_, text, expected) => {
    expect(dataOf(text)).toEqual(expected);
  });

  it('reads the event name', () => {
    expect(split(encode('event: ping\nid: 7\ndata: {}\n\n'))).toEqual([
      { raw: 'event: ping\nid: 7\ndata: {}\n\n', event: 'ping', data: '{}' },
    ]);
  });

  it('gives the same frames for every split of the bytes', () => {
    const line = fc.constantFrom(
      'data: é',
      'data:x',
      ': c',
      'event: e',
      'id: 1',
      'data: 😀',
      'data',
      '',
      'junk',
    );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc.array(fc.tuple(line, end), { maxLength: 20 }).map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (source, cuts) => {
        const bytes = encode(source);
        expect(split(bytes, cuts)).toEqual(split(bytes));
        expect(split(bytes, [...bytes.keys()])).toEqual(split(bytes));
      }),
      runs(1000),
    );
  });

  it('keeps the source text of every frame', () => {
    const text = ': c\r\n\r\nevent: x\ndata: 1\n\nid: 3\n\n';
    expect(
      split(encode(text))
        .map(({ raw }) => raw)
        .join(''),
    ).toBe(text);
  });

  it('refuses a frame beyond the limit', () => {
    const splitter = new SseSplitter(100);
    expect(() => splitter.push(encode(`data: ${'x'.repeat(200)}`))).toThrow(FrameTooLarge);
  });

  it('writes other data and keeps event, id and comments', () => {
    const [frame] = split(encode('event: delta\r\nid: 7\r\n: note\r\ndata: old\r\ndata: older\r\n\r\n'));
    expect(frame && withData(frame, '{"a":1}')).toBe('event: delta\nid: 7\n: note\ndata: {"a":1}\n\n');
  });
});
