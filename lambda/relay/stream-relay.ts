/**
 * Turns an upstream's stream into the caller's: cuts it into chunks, lets the chain judge every lane, and
 * writes out what is judged, in order, with the bytes it came in with wherever nothing was changed.
 * Pure: bytes in, text out; time and connections are somebody else's business.
 */
import type { Chain } from '../policies/chain.ts';
import type { BlockedBy } from '../policies/stage.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { ChunkReading, WireFormat } from '../wire/wire-format.ts';
import { addPart, openFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { WholeJudge } from './judge-wholes.ts';
import { LaneBook, MAX_LANES } from './lane-book.ts';
import type { LaneListener } from './lane-flow.ts';
import { Outbox } from './outbox.ts';
import { noteChunk, openProgress } from './progress.ts';
import type { RelayProgress } from './progress.ts';
import { ChunkReader } from './read-chunk.ts';
import type { Chunk } from './read-chunk.ts';
import type { SseFrame } from './sse-frame.ts';
import { FrameTooLarge, SseSplitter } from './sse-splitter.ts';

export interface RelayOptions {
  readonly format: WireFormat;
  readonly chain: Chain;
  readonly listener: LaneListener;
  /** False takes chunks that hold nothing but usage and cost out again. */
  readonly passesAccounting: boolean;
  /** UTF-16 units of one server-sent event. */
  readonly maxFrameLength: number;
  /** True shows nothing before the whole reply is judged. */
  readonly isBuffered: boolean;
  /** UTF-16 units that a buffered reply may have. */
  readonly maxBufferedLength: number;
  /** Whether a data object is upstream's way to report an error. */
  readonly isErrorFrame: (data: JsonObject) => boolean;
}

const DONE = '[DONE]';

export class StreamRelay {
  readonly progress: RelayProgress = openProgress();
  private readonly options: RelayOptions;
  private readonly splitter: SseSplitter;
  private readonly reader: ChunkReader;
  private readonly outbox: Outbox;
  private readonly lanes: LaneBook;
  private readonly wholes: WholeJudge;
  private chunks = 0;
  private isDone = false;
  private isFinal = false;
  private buffered = '';

  constructor(options: RelayOptions) {
    const { format, chain, listener, maxFrameLength } = options;
    this.options = options;
    this.splitter = new SseSplitter(maxFrameLength);
    this.reader = new ChunkReader(format, options.isErrorFrame);
    this.outbox = new Outbox(format.partable, (frame) => this.countRelease(frame));
    this.lanes = new LaneBook(chain, listener, this.outbox.touch);
    this.wholes = new WholeJudge(chain, this.lanes, listener, format.repeatsTexts);
  }

  /** The text to send now. After a fault nothing more comes. */
  push(bytes: Uint8Array): string {
    return this.show(this.read(() => this.splitter.push(bytes)));
  }

  /** The rest, after upstream's regular end: held text is judged and released. On an abort it is not called. */
  end(): string {
    const { progress, options } = this;
    const read = this.read(() => this.splitter.end());
    // Another choice that never said why it stopped was cut.
    if (!this.isDone && !this.isFinal && !this.lanes.isComplete) progress.isComplete = false;
    const isRegular = progress.fault === undefined && progress.isComplete;
    if (!isRegular) return this.show(read);
    const shown = this.show(read + this.endLanes(''));
    if (options.format.hasDone) progress.tail = 'data: [DONE]\n\n';
    return options.isBuffered && progress.fault === undefined ? this.buffered : shown;
  }

  /** What is held for a lane that upstream said was over, when nothing contradicted it for a while. */
  settle(): string {
    this.blame(this.lanes.endFinished([]));
    return this.show(this.outbox.flush());
  }

  /** A lane's last words wait for the next chunk to show that they were its last. */
  get isInDoubt(): boolean {
    return this.lanes.isInDoubt;
  }

  /** The format's last event came: at most accounting follows. */
  get hasTail(): boolean {
    return this.progress.tail !== '';
  }

  /** [DONE] came: what follows is not read. */
  get isOver(): boolean {
    return this.isDone || this.progress.fault !== undefined;
  }

  private show(text: string): string {
    const { isBuffered, maxBufferedLength } = this.options;
    if (!isBuffered) return text;
    this.buffered += text;
    if (this.buffered.length > maxBufferedLength) {
      this.fail(`upstream's reply is larger than ${maxBufferedLength} characters`);
    }
    return '';
  }

  private read(split: () => readonly SseFrame[]): string {
    let out = '';
    try {
      for (const frame of split()) {
        if (this.isOver) break;
        out += this.accept(frame);
      }
    } catch (cause) {
      if (!(cause instanceof FrameTooLarge)) throw cause;
      this.fail(cause.message);
    }
    return out;
  }

  private accept(source: SseFrame): string {
    const text = source.data;
    // Comments and ids go on; blank lines alone, and data that is none, say nothing.
    if (text === undefined) return source.raw.trim() === '' ? '' : source.raw;
    const trimmed = text.trim();
    if (trimmed === '') return '';
    if (trimmed === DONE) {
      this.isDone = true;
      this.progress.isComplete = true;
      return this.endLanes('');
    }
    const read = this.reader.read(source, text);
    if (read.kind === 'chunk') return this.acceptChunk(read);
    if (read.kind === 'error') this.progress.fault = { kind: 'upstream_error', data: read.data };
    // The frame in which a stream was cut is no fault of its own.
    else if (source.isUnfinished !== true) {
      this.fail('a chunk of upstream is no JSON object, or is nested too deep');
    }
    return '';
  }

  private acceptChunk(chunk: Chunk): string {
    const { format, passesAccounting } = this.options;
    const { reading } = chunk;
    noteChunk(this.progress, chunk.data, reading, format.hasDone);
    if (reading.isFinal) this.isFinal = true;
    this.blame(this.lanes.endFinished(reading.deltas));
    const { edits, blockedBy } = this.wholes.judge(reading.wholes);
    this.blame(blockedBy);
    // Text that is already judged still goes; this chunk itself may hold what was objected to.
    if (this.progress.fault !== undefined) return this.outbox.flush();
    const spans = reading.spans.flatMap((span) => {
      const flow = this.lanes.find(span.lane);
      return flow === undefined ? [] : [{ ...span, flow }];
    });
    const frame = openFrame(this.chunks++, chunk, [...reading.repairs, ...edits], spans);
    this.takeIn(frame, reading);
    if (reading.isAccounting && !passesAccounting) frame.isSent = true;
    else this.outbox.touch(frame);
    const out = this.outbox.flush();
    if (!reading.isFinal && !this.hasTail) return out;
    this.progress.tail += out;
    return '';
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

  private endLanes(prefix: string): string {
    this.blame(this.lanes.end(prefix));
    return this.outbox.flush();
  }

  private blame(by: BlockedBy | undefined): void {
    if (by !== undefined) this.progress.fault ??= { kind: 'blocked', by };
  }

  private fail(message: string): void {
    this.progress.fault ??= { kind: 'malformed', message };
  }

  private countRelease(frame: Frame): void {
    if (frame.hasContent) this.progress.hasReleased = true;
    for (const part of frame.parts) this.progress.releasedLength += part.shown.length;
  }
}

/** Gives the frame a place behind all that waits in the lane. */
function follow(frame: Frame, flow: Frame['parts'][number]['flow']): void {
  if (flow.isWaiting && !frame.parts.some((part) => part.flow === flow)) flow.push(addPart(frame, flow));
}
