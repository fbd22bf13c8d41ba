/**
 * Joins stages of judgement: what an earlier stage released waits here until the next one has released it too,
 * so that the pieces that come out at the end still stand for lengths of the original text.
 */
import type { Piece } from '../detectors/piece.ts';

/** Pieces that are done with and not yet let go: moving the others at each step would cost more. */
const MOST_DONE = 32;

export class PieceQueue {
  private pieces: Piece[] = [];
  private head = 0;

  /** Pieces in memory, those that are done with included. */
  get size(): number {
    return this.pieces.length;
  }

  push(pieces: readonly Piece[]): void {
    // Some of it is nearly always held: what is done with goes when it is the larger part.
    if (this.head >= MOST_DONE && this.head * 2 > this.pieces.length) {
      this.pieces = this.pieces.slice(this.head);
      this.head = 0;
    }
    for (const piece of pieces) this.pieces.push(piece);
  }

  /** Translates a piece of the next stage, whose source is the text queued here, into pieces of the original. */
  translate(piece: Piece, into: Piece[]): void {
    if (piece.mark === undefined) {
      this.take(piece.length, into);
      return;
    }
    const taken: Piece[] = [];
    this.take(piece.length, taken);
    let length = 0;
    for (const { length: part } of taken) length += part;
    into.push({ text: piece.text, length, mark: piece.mark });
  }

  /** What was cut out at the front: no later stage has anything to say to it. */
  takeSilent(into: Piece[]): void {
    this.take(0, into);
  }

  takeAll(): readonly Piece[] {
    const rest = this.pieces.slice(this.head);
    this.pieces = [];
    this.head = 0;
    return rest;
  }

  /** Takes `length` UTF-16 units of shown text off the front. */
  private take(length: number, into: Piece[]): void {
    let left = length;
    for (;;) {
      const piece = this.pieces[this.head];
      // A piece without text (something cut out) goes along with what stands before it.
      if (piece === undefined || (left === 0 && piece.text !== '')) return;
      if (piece.text.length <= left) {
        into.push(piece);
        left -= piece.text.length;
        this.head += 1;
      } else {
        const [front, rest] = split(piece, left);
        into.push(front);
        this.pieces[this.head] = rest;
        return;
      }
    }
  }
}

/**
 * Of a replacement the front stands for nothing and the rest for all: its source is settled when all of it is shown.
 * An original that was put back is known as such in both parts: who keeps texts must not keep it.
 */
function split(piece: Piece, at: number): readonly [Piece, Piece] {
  const front = piece.text.slice(0, at);
  const rest = piece.text.slice(at);
  return piece.mark === undefined && piece.length === piece.text.length
    ? [
        { text: front, length: front.length },
        { text: rest, length: rest.length },
      ]
    : [
        { text: front, length: 0, ...(piece.mark?.restored === true && { mark: piece.mark }) },
        { ...piece, text: rest },
      ];
}
