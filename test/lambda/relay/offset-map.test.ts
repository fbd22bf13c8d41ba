import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import { OffsetMap } from '../../../lambda/relay/offset-map.ts';
import { runs } from '../../support/runs.ts';

const kept = (text: string): Piece => ({ text, length: text.length });
const replaced = (text: string, length: number): Piece => ({ text, length, mark: { type: 'X' } });

function mapOf(...pieces: readonly Piece[]): OffsetMap {
  const map = new OffsetMap();
  for (const piece of pieces) map.add(piece);
  return map;
}

describe('OffsetMap', () => {
  // "ab" kept, 3 units shown as "[XXXXX]", "cd" kept
  const map = mapOf(kept('ab'), replaced('[XXXXX]', 3), kept('cd'));
  it.each([
    ['before the change', 1, 1, 1],
    ['where the change begins', 2, 2, 2],
    ['inside of it', 3, 2, 9],
    ['where it ends', 5, 9, 9],
    ['behind it', 7, 11, 11],
  ])('moves a place %s', (_, place, start, end) => {
    expect([map.move(place, 'start'), map.move(place, 'end')]).toEqual([start, end]);
  });

  it('counts shown text that stands for nothing with the run behind it', () => {
    const split = mapOf(kept('ab'), { text: '[XX', length: 0 }, replaced('XXX]', 3), kept('cd'));
    for (const place of [0, 2, 3, 5, 7]) {
      expect(split.move(place, 'start')).toBe(map.move(place, 'start'));
      expect(split.move(place, 'end')).toBe(map.move(place, 'end'));
    }
  });

  it('counts a run that goes on with the run before it', () => {
    const key = mapOf(kept('ab'), replaced('[K]', 4), replaced('', 10), kept('cd'));
    expect([key.move(16, 'start'), key.move(18, 'end'), key.move(10, 'end')]).toEqual([5, 7, 5]);
  });

  it('moves a stretch of unchanged text onto the same text, whatever was changed around it', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 5 }).map(kept),
      fc
        .tuple(fc.string({ maxLength: 8 }), fc.integer({ min: 1, max: 6 }))
        .map(([text, length]) => replaced(text, length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const moved = mapOf(...pieces);
        const shown = pieces.map(({ text }) => text).join('');
        let at = 0;
        for (const { text, length, mark } of pieces) {
          const stretch = shown.slice(moved.move(at, 'start'), moved.move(at + length, 'end'));
          if (mark === undefined && text !== '') expect(stretch.endsWith(text)).toBe(true);
          at += length;
        }
        expect(moved.length).toBe(at);
        expect(moved.move(at, 'end')).toBe(shown.length);
      }),
      runs(500),
    );
  });

  it('stays bounded, and right behind the last of very many changes', () => {
    const bounded = new OffsetMap();
    const many = 25_000;
    for (let index = 0; index < many; index += 1) {
      bounded.add(kept('ab'));
      bounded.add(replaced('[X]', 1));
    }
    expect(bounded.move(3 * many, 'end')).toBe(5 * many);
    expect(bounded.move(30, 'start')).toBe(50);
  });
});
