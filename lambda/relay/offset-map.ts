/** Where places of an original text are in the text that is shown instead. */
import type { Piece } from '../detectors/piece.ts';

/** A run of the original that is shown otherwise. */
interface Change {
  readonly start: number;
  end: number;
  /** UTF-16 units that the shown text is longer. */
  growth: number;
}

/** Beyond that what is between changes counts as changed with them: a stream has no end, a memory has. */
const MAX_CHANGES = 10_000;

export class OffsetMap {
  private readonly changes: Change[] = [];
  private offset = 0;
  /** Shown text that stands for nothing yet: it belongs to the run that comes next. */
  private early = 0;

  /** UTF-16 units of the original that were told of. */
  get length(): number {
    return this.offset;
  }

  /** Tells of the next piece. */
  add({ text, length, mark }: Piece): void {
    const start = this.offset;
    this.offset += length;
    if (mark === undefined && text.length === length) return;
    if (length === 0) this.early += text.length;
    else {
      this.note(start, this.early + text.length - length);
      this.early = 0;
    }
  }

  private note(start: number, growth: number): void {
    const last = this.changes.at(-1);
    if (last === undefined || this.changes.length < MAX_CHANGES) {
      this.changes.push({ start, end: this.offset, growth });
      return;
    }
    last.end = this.offset;
    last.growth += growth;
  }

  /** A place inside of a changed run moves to the run's edge: a stretch that touches it covers all of it. */
  move(place: number, edge: 'start' | 'end'): number {
    let moved = place;
    for (const { start, end, growth } of this.changes) {
      if (place <= start) break;
      if (place >= end) moved += growth;
      else moved += edge === 'start' ? start - place : end - place + growth;
    }
    return moved;
  }
}
