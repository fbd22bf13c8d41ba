/**
 * Turns an upstream's stream into the caller's: cuts it into frames, reads them, has their chunks judged, and keeps all
 * of a buffered reply back until its end. Pure: bytes in, text out; time and connections are somebody else's business.
 */
import type { JsonObject } from '../wire/json-value.ts';
import { ChunkRelay, type ChunkRelayOptions } from './chunk-relay.ts';
import type { RelayProgress } from './progress.ts';
import { ChunkReader } from './read-chunk.ts';
import type { SseFrame } from './sse-frame.ts';
import { FrameTooLarge, SseSplitter } from './sse-splitter.ts';

export interface RelayOptions extends ChunkRelayOptions {
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
  private readonly options: RelayOptions;
  private readonly splitter: SseSplitter;
  private readonly reader: ChunkReader;
  private readonly chunks: ChunkRelay;
  private isDone = false;
  private buffered = '';

  constructor(options: RelayOptions) {
    this.options = options;
    this.splitter = new SseSplitter(options.maxFrameLength);
    this.reader = new ChunkReader(options.format, options.isErrorFrame);
    this.chunks = new ChunkRelay(options);
  }

  get progress(): RelayProgress {
    return this.chunks.progress;
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
    if (!this.isDone && !this.chunks.isComplete) progress.isComplete = false;
    const isRegular = progress.fault === undefined && progress.isComplete;
    if (!isRegular) return this.show(read);
    const shown = this.show(read + this.chunks.end());
    if (options.format.hasDone) progress.tail = 'data: [DONE]\n\n';
    return options.isBuffered && progress.fault === undefined ? this.buffered : shown;
  }

  /** What is held for a lane that upstream said was over, when nothing contradicted it for a while. */
  settle(): string {
    return this.show(this.chunks.settle());
  }

  /** A lane's last words wait for the next chunk to show that they were its last. */
  get isInDoubt(): boolean {
    return this.chunks.isInDoubt;
  }

  /** The format's last event came: at most accounting follows. */
  get hasTail(): boolean {
    return this.chunks.hasTail;
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
      this.chunks.fail(`upstream's reply is larger than ${maxBufferedLength} characters`);
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
      this.chunks.fail(cause.message);
    }
    return out + this.chunks.judgeGathered();
  }

  private accept(frame: SseFrame): string {
    const text = frame.data;
    // Blank lines alone, and data that is none, say nothing.
    if ((text ?? frame.raw).trim() === '') return '';
    if (text === undefined) return this.passOn(frame.raw);
    if (text.trim() === DONE) return this.done();
    const read = this.reader.read(frame, text);
    if (read.kind === 'text') return this.chunks.acceptText(read);
    if (read.kind === 'chunk') return this.chunks.acceptChunk(read);
    const judged = this.chunks.judgeGathered();
    if (this.isOver) return judged;
    if (read.kind === 'error') this.progress.fault = { kind: 'upstream_error', data: read.data };
    // The frame in which a stream was cut is no fault of its own.
    else if (frame.isUnfinished !== true) {
      this.chunks.fail('a chunk of upstream is no JSON object, or is nested too deep');
    }
    return judged;
  }

  /** Comments and ids keep their place. */
  private passOn(raw: string): string {
    const judged = this.chunks.judgeGathered();
    return this.isOver ? judged : judged + raw;
  }

  private done(): string {
    const judged = this.chunks.judgeGathered();
    if (this.isOver) return judged;
    this.isDone = true;
    this.progress.isComplete = true;
    return judged + this.chunks.end();
  }
}
