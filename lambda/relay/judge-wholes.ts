/** Judges the texts that stand complete in one chunk of a stream, by the judges that whole answers have. */
import type { Piece } from '../detectors/piece.ts';
import type { Chain, ChainLane } from '../policies/chain.ts';
import type { BlockedBy, StageRelease } from '../policies/stage.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import type { LaneBook } from './lane-book.ts';
import type { LaneListener } from './lane-flow.ts';
import { wholeEdits } from './text-edits.ts';

export interface JudgedWholes {
  readonly edits: readonly JsonEdit[];
  readonly blockedBy?: BlockedBy;
}

export class WholeJudge {
  private readonly chain: Chain;
  private readonly lanes: LaneBook;
  private readonly listener: LaneListener;
  private readonly repeatsTexts: boolean;

  /** @param repeatsTexts see WireFormat. */
  constructor(chain: Chain, lanes: LaneBook, listener: LaneListener, repeatsTexts: boolean) {
    this.chain = chain;
    this.lanes = lanes;
    this.listener = listener;
    this.repeatsTexts = repeatsTexts;
  }

  judge(wholes: readonly LocatedText[]): JudgedWholes {
    const edits: JsonEdit[] = [];
    for (const whole of wholes) {
      const isRepetition = this.isRepetition(whole);
      const lane = this.chain.openLane(whole.lane, whole.form, isRepetition);
      const { pieces, blockedBy } = lane === undefined ? asItIs(whole.text) : judgeAtOnce(lane, whole.text);
      if (blockedBy !== undefined) return { edits, blockedBy };
      if (!isRepetition) this.tell(whole, pieces);
      edits.push(...wholeEdits(whole, pieces));
    }
    return { edits };
  }

  private isRepetition({ lane, isRepetition }: LocatedText): boolean {
    if (isRepetition === true) return true;
    return this.repeatsTexts && this.lanes.say(lane.path);
  }

  private tell({ lane, form }: LocatedText, pieces: readonly Piece[]): void {
    let start = 0;
    for (const piece of pieces) {
      const { length, mark } = piece;
      this.listener.onText({ lane, form }, piece);
      if (mark !== undefined && mark.restored !== true) {
        const { type, continues = false } = mark;
        this.listener.onFinding({ lane, type, start, end: start + length, continues });
      }
      start += length;
    }
  }
}

const asItIs = (text: string): StageRelease => ({ pieces: [{ text, length: text.length }] });

function judgeAtOnce(lane: ChainLane, text: string): StageRelease {
  const pushed = lane.push(text);
  if (pushed.blockedBy !== undefined) return pushed;
  const ended = lane.end();
  return { ...ended, pieces: [...pushed.pieces, ...ended.pieces] };
}
