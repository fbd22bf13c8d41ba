/** The chunks of one stream: gives their texts to the lanes, and shows what is judged, in order. */
import type { Chain } from '../policies/chain.ts';
import type { BlockedBy } from '../policies/stage.ts';
import type { ChunkReading, WireFormat } from '../wire/wire-format.ts';
import { addPart, openFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { WholeJudge } from './judge-wholes.ts';
import { LaneBook, MAX_LANES } from './lane-book.ts';
import type { LaneFlow, LaneListener } from './lane-flow.ts';
import { Outbox } from './outbox.ts';
import { noteChunk, openProgress } from './progress.ts';
import type { RelayProgress } from './progress.ts';
import { asChunk } from './read-chunk.ts';
import type { Chunk, TextChunk } from './read-chunk.ts';

export interface ChunkRelayOptions {
  readonly format: WireFormat;
  readonly chain: Chain;
  readonly listener: LaneListener;
  /** False takes chunks that hold nothing but usage and cost out again. */
  readonly passesAccounting: boolean;
}

/** Judged at one go, and at most one chunk more. Without a bound, 64 slow readers of large chunks took 15 MB more. */
const MOST_GATHERED_UNITS = 1024;

/** What its methods return is the text to send now. */
export class ChunkRelay {
  readonly progress: RelayProgress = openProgress();
  private readonly options: ChunkRelayOptions;
  private readonly outbox: Outbox;
  private readonly lanes: LaneBook;
  private readonly wholes: WholeJudge;
  private nextOrder = 0;
  private hasFinal = false;
  /** The lane whose texts are gathered. */
  private gathering: LaneFlow | undefined;

  constructor(options: ChunkRelayOptions) {
    const { format, chain, listener } = options;
    this.options = options;
    this.outbox = new Outbox(format.partable, (frame) => this.countRelease(frame));
    this.lanes = new LaneBook(chain, listener, this.outbox.touch);
    this.wholes = new WholeJudge(chain, this.lanes, listener, format.repeatsTexts);
  }

  /** A lane's last words wait for the next chunk to show that they were its last. */
  get isInDoubt(): boolean {
    return this.lanes.isInDoubt;
  }

  /** The format's last event came, or every lane that had text was finished: none was cut. */
  get isComplete(): boolean {
    return this.hasFinal || this.lanes.isComplete;
  }

  /** The format's last event came: at most accounting follows. */
  get hasTail(): boolean {
    return this.progress.tail !== '';
  }

  /**
   * Texts of one lane that come one after the other are judged at one go: it is the asking that takes the time. Of what
   * else acceptChunk looks at, such a chunk has nothing (isPlain in chunk-mould.ts), or says it once more.
   */
  acceptText(chunk: TextChunk): string {
    const flow = this.lanes.flowOf(chunk.delta);
    if (flow.isEnded || this.isInDoubt || this.hasTail) return this.acceptChunk(asChunk(chunk));
    const judged = flow === this.gathering ? '' : this.judgeGathered();
    if (this.progress.fault !== undefined) return judged;
    const { source, text, data, shape } = chunk;
    const frame = openFrame(this.nextOrder++, { source, text, data, hasContent: shape.hasContent });
    const gatheredUnits = flow.gather(addPart(frame, flow, chunk.delta));
    this.gathering = flow;
    return gatheredUnits < MOST_GATHERED_UNITS ? judged : judged + this.judgeGathered();
  }

  /** To be called when for now there is nothing more, and before anything that is no chunk is sent. */
  judgeGathered(): string {
    const flow = this.gathering;
    if (flow === undefined) return '';
    this.gathering = undefined;
    this.blame(flow.judgeGathered());
    return this.outbox.flush();
  }

  acceptChunk(chunk: Chunk): string {
    const judged = this.judgeGathered();
    return this.progress.fault === undefined ? judged + this.judgeChunk(chunk) : judged;
  }

  private judgeChunk(chunk: Chunk): string {
    const { format, passesAccounting } = this.options;
    const { reading } = chunk;
    noteChunk(this.progress, chunk.data, reading, format.hasDone);
    if (reading.isFinal) this.hasFinal = true;
    this.blame(this.lanes.endFinished(reading.deltas));
    const { edits, blockedBy } = this.wholes.judge(reading.wholes);
    this.blame(blockedBy);
    // Text that is already judged still goes; this chunk itself may hold what was objected to.
    if (this.progress.fault !== undefined) return this.outbox.flush();
    const spans = reading.spans.flatMap((span) => {
      const flow = this.lanes.find(span.lane);
      return flow === undefined ? [] : [{ ...span, flow }];
    });
    const { source, text, data } = chunk;
    const bare = { source, text, data, hasContent: reading.hasContent };
    const frame = openFrame(this.nextOrder++, bare, [...reading.repairs, ...edits], spans);
    this.takeIn(frame, reading);
    if (reading.isAccounting && !passesAccounting) frame.isSent = true;
    else this.outbox.touch(frame);
    const out = this.outbox.flush();
    if (!reading.isFinal && !this.hasTail) return out;
    this.progress.tail += out;
    return '';
  }

  /** Lets the judges decide on what is held for all lanes: nothing more comes. */
  end(): string {
    const judged = this.judgeGathered();
    if (this.progress.fault === undefined) this.blame(this.lanes.end(''));
    return judged + this.outbox.flush();
  }

  /** The same for the lanes that upstream said were over, when nothing contradicted it for a while. */
  settle(): string {
    this.blame(this.lanes.endFinished([]));
    return this.outbox.flush();
  }

  fail(message: string): void {
    this.progress.fault ??= { kind: 'malformed', message };
  }

  /** Gives the chunk's texts to their lanes, and the chunk its place behind the text that it is about. */
  private takeIn(frame: Frame, { deltas, ends, finishes }: ChunkReading): void {
    for (const text of deltas) {
      const flow = this.lanes.flowOf(text);
      if (flow.isEnded) this.fail(`upstream sent text of ${text.lane.path} after its end`);
      else this.blame(flow.push(addPart(frame, flow, text)));
      if (this.progress.fault === undefined) continue;
      // Unless it was the last, texts of this chunk are not judged: nothing of it goes out.
      if (flow.isEnded || text !== deltas.at(-1)) frame.isSent = true;
      return;
    }
    if (this.lanes.isTooLarge) this.fail(`upstream's reply has more than ${MAX_LANES} texts`);
    for (const { flow } of frame.spans) follow(frame, flow);
    for (const prefix of [...ends, ...finishes]) {
      for (const flow of this.lanes.waiting(prefix)) follow(frame, flow);
    }
    for (const prefix of ends) this.blame(this.lanes.end(prefix));
    for (const prefix of finishes) this.lanes.finish(prefix);
  }

  private blame(by: BlockedBy | undefined): void {
    if (by !== undefined) this.progress.fault ??= { kind: 'blocked', by };
  }

  private countRelease(frame: Frame): void {
    if (frame.hasContent) this.progress.hasReleased = true;
    for (const part of frame.parts) this.progress.releasedLength += part.shown.length;
  }
}

/** Gives the frame a place behind all that waits in the lane. */
function follow(frame: Frame, flow: LaneFlow): void {
  if (flow.isWaiting && !frame.parts.some((part) => part.flow === flow)) flow.push(addPart(frame, flow));
}
