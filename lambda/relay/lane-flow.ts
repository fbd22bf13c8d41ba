/** One lane of a stream: gives its text to the chain and what comes back to the chunks that brought it. */
import type { ChainLane } from '../policies/chain.ts';
import type { BlockedBy } from '../policies/stage.ts';
import type { Piece } from '../detectors/piece.ts';
import type { Lane } from '../wire/lane.ts';
import type { Part } from './frame.ts';

/** Where a replacement stands in the lane's original text. */
export interface LaneFinding {
  readonly lane: Lane;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The finding before goes on here. */
  readonly continues: boolean;
}

/** Hears what a lane releases: findings for the event, text for the output's digest. */
export interface LaneListener {
  onFinding(finding: LaneFinding): void;
  onText(lane: Lane, text: string): void;
}

export class LaneFlow {
  private readonly lane: Lane;
  private readonly judge: ChainLane | undefined;
  private readonly listener: LaneListener;
  /** Chunks whose text is not settled, oldest first. */
  private readonly waiting: Part[] = [];
  /** Text of a replacement that was split over stages, for the next chunk. */
  private carried = '';
  /** Units of the original text that were released. */
  private offset = 0;

  /** @param judge undefined when no policy has a say: text is settled as it comes. */
  constructor(lane: Lane, judge: ChainLane | undefined, listener: LaneListener) {
    this.lane = lane;
    this.judge = judge;
    this.listener = listener;
  }

  push(part: Part): BlockedBy | undefined {
    const { text } = part.delta;
    if (this.judge === undefined) {
      part.shown = text;
      part.unsettled = 0;
      this.listener.onText(this.lane, text);
      return undefined;
    }
    this.waiting.push(part);
    const { pieces, blockedBy } = this.judge.push(text);
    this.settle(pieces);
    return blockedBy;
  }

  end(): BlockedBy | undefined {
    if (this.judge === undefined) return undefined;
    const { pieces, blockedBy } = this.judge.end();
    this.settle(pieces);
    return blockedBy;
  }

  private settle(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.listener.onText(this.lane, piece.text);
      if (piece.mark === undefined && piece.length === piece.text.length) this.settleVerbatim(piece.text);
      else this.settleReplacement(piece);
      this.offset += piece.length;
    }
  }

  private settleVerbatim(text: string): void {
    let from = 0;
    while (from < text.length) {
      const part = this.head();
      if (part === undefined) return;
      const take = Math.min(part.unsettled, text.length - from);
      part.shown += text.slice(from, from + take);
      part.unsettled -= take;
      from += take;
    }
  }

  private settleReplacement(piece: Piece): void {
    const { mark } = piece;
    if (mark !== undefined && mark.restored !== true) {
      const start = this.offset;
      const end = start + piece.length;
      const continues = mark.continues === true;
      this.listener.onFinding({ lane: this.lane, type: mark.type, start, end, continues });
    }
    let left = piece.length;
    let part = this.head();
    if (part === undefined) {
      this.carried += piece.text;
      return;
    }
    part.shown += piece.text;
    part.isChanged = true;
    while (part !== undefined && left > 0) {
      const take = Math.min(part.unsettled, left);
      part.unsettled -= take;
      part.isChanged = true;
      left -= take;
      part = this.head();
    }
  }

  /** The oldest chunk with unsettled text. */
  private head(): Part | undefined {
    while (this.waiting[0]?.unsettled === 0) this.waiting.shift();
    const part = this.waiting[0];
    if (part !== undefined && this.carried !== '') {
      part.shown += this.carried;
      part.isChanged = true;
      this.carried = '';
    }
    return part;
  }
}
