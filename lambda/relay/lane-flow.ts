/** One lane of a stream: gives its text to the chain and what comes back to the chunks that brought it. */
import type { Piece } from '../detectors/piece.ts';
import type { ChainLane } from '../policies/chain.ts';
import type { BlockedBy, StageRelease } from '../policies/stage.ts';
import type { Lane } from '../wire/lane.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import type { Frame, Part } from './frame.ts';
import { OffsetMap } from './offset-map.ts';

/** Where a replacement stands in the lane's original text. */
export interface LaneFinding {
  readonly lane: Lane;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The finding before goes on here. */
  readonly continues: boolean;
}

/** A lane, and how its text is to be read. */
export type LaneSource = Pick<LocatedText, 'lane' | 'form'>;

/** Hears what a lane releases: findings for the event, text for the output's digest. */
export interface LaneListener {
  onFinding(finding: LaneFinding): void;
  onText(source: LaneSource, piece: Piece): void;
}

/** Hears of chunks whose state may have become one in which they can go out. */
export type TouchFrame = (frame: Frame) => void;

export class LaneFlow {
  readonly lane: Lane;
  private readonly source: LaneSource;
  readonly offsets = new OffsetMap();
  /** By upstream's word nothing more comes. */
  isFinished = false;
  /** The judge has had the last word: text that comes now is against the format's own rules. */
  isEnded = false;
  private judge: ChainLane | undefined;
  private readonly listener: LaneListener | undefined;
  private readonly touch: TouchFrame;
  /** What has not gone out, oldest first. */
  private readonly parts: Part[] = [];
  /** Of `parts`, how many at its front are settled. */
  private settled = 0;
  /** Text of `parts` that the judge is to get at one go. */
  private gathered = '';
  /** Text that stands for nothing of the original, for the next chunk. */
  private carried = '';

  /**
   * @param judge undefined when no policy has a say: text is settled as it comes.
   * @param listener undefined for a lane that repeats another.
   */
  constructor(
    source: LaneSource,
    judge: ChainLane | undefined,
    listener: LaneListener | undefined,
    touch: TouchFrame,
  ) {
    this.source = source;
    this.lane = source.lane;
    this.judge = judge;
    this.listener = listener;
    this.touch = touch;
  }

  /** Whether something that came earlier still waits to go out. */
  get isWaiting(): boolean {
    return this.parts.length > 0;
  }

  /** Whether nothing of an earlier chunk waits before the part. */
  isNext(part: Part): boolean {
    return this.parts[0]?.frame === part.frame;
  }

  /** Takes a part in: its text, or its place behind the text before. */
  push(part: Part): BlockedBy | undefined {
    this.parts.push(part);
    const text = part.text?.text ?? '';
    return text === '' ? undefined : this.take(text);
  }

  /**
   * The same for a part whose text may be judged with that of the parts behind it, when `judgeGathered` is called.
   * Returns how much that is, in UTF-16 units.
   */
  gather(part: Part): number {
    this.parts.push(part);
    this.gathered += part.text?.text ?? '';
    return this.gathered.length;
  }

  judgeGathered(): BlockedBy | undefined {
    const text = this.gathered;
    this.gathered = '';
    return text === '' ? undefined : this.take(text);
  }

  /** Lets the judge decide on what is held: nothing more comes. */
  end(): BlockedBy | undefined {
    this.isEnded = true;
    const blockedBy = this.judge === undefined ? undefined : this.settle(this.judge.end());
    this.judge = undefined;
    // A replacement stands for some of the text (see Piece), so there is always a chunk to show it in.
    if (this.carried !== '') throw new Error(`a policy added text behind the end of ${this.lane.path}`);
    return blockedBy;
  }

  /** The part went out: what stands behind it is next. */
  sent(): void {
    this.parts.shift();
    this.settled = Math.max(0, this.settled - 1);
    const next = this.parts[0];
    if (next !== undefined) this.touch(next.frame);
  }

  private take(text: string): BlockedBy | undefined {
    if (this.judge !== undefined) return this.settle(this.judge.push(text));
    this.settleVerbatim(text);
    this.listener?.onText(this.source, { text, length: text.length });
    return undefined;
  }

  private settle({ pieces, blockedBy }: StageRelease): BlockedBy | undefined {
    for (const piece of pieces) {
      this.listener?.onText(this.source, piece);
      if (piece.mark === undefined && piece.length === piece.text.length) this.settleVerbatim(piece.text);
      else this.settleReplacement(piece);
    }
    return blockedBy;
  }

  private settleVerbatim(text: string): void {
    this.offsets.add({ text, length: text.length });
    let from = 0;
    for (let part = this.head(); part !== undefined && from < text.length; part = this.head()) {
      const take = Math.min(part.unsettled, text.length - from);
      part.shown += text.slice(from, from + take);
      part.unsettled -= take;
      from += take;
    }
  }

  private settleReplacement(piece: Piece): void {
    this.tell(piece);
    this.offsets.add(piece);
    let part = this.head();
    if (part === undefined) {
      this.carried += piece.text;
      return;
    }
    part.shown += piece.text;
    part.isChanged = true;
    for (let left = piece.length; part !== undefined && left > 0; part = this.head()) {
      const take = Math.min(part.unsettled, left);
      part.unsettled -= take;
      part.isChanged = true;
      left -= take;
    }
  }

  private tell({ mark, length }: Piece): void {
    if (mark === undefined || mark.restored === true) return;
    const { lane, listener, offsets } = this;
    const { type, continues = false } = mark;
    const start = offsets.length;
    listener?.onFinding({ lane, type, start, end: start + length, continues });
  }

  /** The oldest part with unsettled text; those before it, places without text included, are settled. */
  private head(): Part | undefined {
    let part = this.parts[this.settled];
    while (part?.unsettled === 0) {
      this.touch(part.frame);
      this.settled += 1;
      part = this.parts[this.settled];
    }
    if (part === undefined) return undefined;
    this.touch(part.frame);
    if (this.carried !== '') {
      part.shown += this.carried;
      part.isChanged = true;
      this.carried = '';
    }
    return part;
  }
}
