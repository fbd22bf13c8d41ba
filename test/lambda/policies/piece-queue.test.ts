import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import { PieceQueue } from '../../../lambda/policies/piece-queue.ts';
import { runs } from '../../support/runs.ts';

const kept = (text: string): Piece => ({ text, length: text.length });
const replaced = (text: string, length: number): Piece => ({ text, length, mark: { type: 'A' } });
const queueOf = (...pieces: readonly Piece[]): PieceQueue => {
  const queue = new PieceQueue();
  queue.push(pieces);
  return queue;
};

const translated = (queue: PieceQueue, piece: Piece): readonly Piece[] => {
  const into: Piece[] = [];
  queue.translate(piece, into);
  return into;
};

describe('PieceQueue', () => {
  it('gives pieces of the earlier stage for what the later one released', () => {
    const queue = queueOf(kept('ab'), replaced('[A]', 7), kept('cd'));
    expect(translated(queue, kept('ab['))).toEqual([kept('ab'), { text: '[', length: 0 }]);
    expect(translated(queue, kept('A]c'))).toEqual([replaced('A]', 7), kept('c')]);
    expect(queue.takeAll()).toEqual([kept('d')]);
  });

  it('lets a replacement of the later stage stand for what the earlier one had replaced', () => {
    const queue = queueOf(kept('a'), replaced('[A]', 7), kept('b'));
    expect(translated(queue, { text: 'X', length: 5, mark: { type: 'B' } })).toEqual([
      { text: 'X', length: 9, mark: { type: 'B' } },
    ]);
  });

  it('takes what was cut out along with the text before it', () => {
    const queue = queueOf(kept('a'), replaced('', 5), kept('b'));
    expect(translated(queue, kept('a'))).toEqual([kept('a'), replaced('', 5)]);
  });

  it('lets go of what is done with while something is always held', () => {
    const queue = queueOf(kept('a'));
    for (let index = 0; index < 10_000; index += 1) {
      queue.push([kept('b')]);
      translated(queue, kept('a'));
      expect(queue.size).toBeLessThan(100);
    }
  });

  it('keeps the shown text and its length in the original for every way of releasing it', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }).map(kept),
      fc
        .tuple(fc.string({ maxLength: 6 }), fc.nat({ max: 9 }))
        .map(([text, length]) => replaced(text, length)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 7 })),
        (pieces, steps) => {
          const queue = queueOf(...pieces);
          const shown = pieces.map(({ text }) => text).join('');
          const out: Piece[] = [];
          let at = 0;
          for (const step of steps) {
            const part = shown.slice(at, at + step);
            out.push(...translated(queue, kept(part)));
            at += part.length;
          }
          out.push(...queue.takeAll());
          expect(out.map(({ text }) => text).join('')).toBe(shown);
          const lengthOf = (all: readonly Piece[]): number =>
            all.reduce((sum, { length }) => sum + length, 0);
          expect(lengthOf(out)).toBe(lengthOf(pieces));
          const found = (all: readonly Piece[]): number =>
            all.filter(({ mark }) => mark !== undefined).length;
          expect(found(out)).toBe(found(pieces));
        },
      ),
      runs(1000),
    );
  });
});
