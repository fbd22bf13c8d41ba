/** The texts of one side of a request as they wait for its end, to be redacted and captured then. */
import { MOST_CAPTURED } from '../audit/capture.ts';
import type { Piece } from '../detectors/piece.ts';
import { labelOf } from '../policies/pii/marker.ts';
import type { LaneSource } from '../relay/lane-flow.ts';

/** A text that was released. */
export interface KeptText extends LaneSource {
  text: string;
  /** Not all of it was kept. */
  isCut: boolean;
}

/** What a lane's name may add to a capture, beside its texts: many short texts have long names. */
const LANE_UNITS = 128;

/** Keeps as much as a capture can hold, and counts the rest. */
export class KeptTexts {
  private readonly byPath = new Map<string, KeptText>();
  private left = MOST_CAPTURED;
  private units = 0;

  /** UTF-16 units that were released, kept or not. */
  get length(): number {
    return this.units;
  }

  get isCut(): boolean {
    return this.units > 0 && this.left <= 0;
  }

  get texts(): readonly KeptText[] {
    return [...this.byPath.values()];
  }

  /** An original that was put back for the caller is none for those who read captures. */
  add(source: LaneSource, { text, length, mark }: Piece): void {
    this.units += text.length;
    if (mark?.restored !== true) this.keep(source, text);
    // Of an original that came in parts the last one stands for all of it.
    else if (length > 0) this.keep(source, `[${labelOf(mark.type)}_REDACTED]`);
  }

  private keep(source: LaneSource, text: string): void {
    const { path } = source.lane;
    let kept = this.byPath.get(path);
    if (kept === undefined) {
      if (this.left <= 0) return;
      this.left -= Math.max(LANE_UNITS, path.length);
      kept = { lane: source.lane, form: source.form, text: '', isCut: false };
      this.byPath.set(path, kept);
    }
    const fitting = text.slice(0, Math.max(0, this.left));
    this.left -= text.length;
    kept.text += fitting;
    if (fitting.length < text.length) kept.isCut = true;
  }
}
