/**
 * Turns an upstream's stream into the caller's: cuts it into chunks, lets the chain judge every lane, and
 * writes out what is judged, in order, with the bytes it came in with wherever nothing was changed.
 * Pure: bytes in, text out; time and connections are somebody else's business.
 */
import type { Chain } from '../policies/chain.ts';
import type { BlockedBy } from '../policies/stage.ts';
import { isObject, parseObject } from '../wire/json-value.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { ChunkReading, LocatedText, WireFormat } from '../wire/wire-format.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import { isSettled, isWorthSplitting, openPart, writeFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { LaneFlow } from './lane-flow.ts';
import type { LaneListener } from './lane-flow.ts';
import { FrameTooLarge, SseSplitter } from './sse-splitter.ts';
import type { SseFrame } from './sse-splitter.ts';

/** Why a stream can't go on. */
export type StreamFault =
  | { readonly kind: 'blocked'; readonly by: BlockedBy }
  | { readonly kind: 'malformed'; readonly message: string }
  /** Upstream reported an error in the middle of its stream; `data` is what it said. */
  | { readonly kind: 'upstream_error'; readonly data: JsonObject };

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
  /** Whether a data object is upstream's way to report an error. */
  readonly isErrorFrame: (data: JsonObject) => boolean;
}

/** What is known of the reply so far. */
export interface RelayProgress {
  /** Upstream sent content (whether or not it is released yet). */
  hasContent: boolean;
  /** A caller got, or gets with the text just returned, content. */
  hasReleased: boolean;
  /** The reply is complete: a finish reason, the format's last event, or [DONE]. */
  isComplete: boolean;
  finishReason?: string;
  /** The last usage, meta and model that upstream named. */
  readonly facts: { model?: string; usage?: JsonObject; meta?: JsonObject; last?: JsonObject };
  /** UTF-16 units of released text, for an estimate when no usage comes. */
  releasedLength: number;
  /** What makes the reply complete for its reader: held back until the evidence is safe. */
  tail: string;
  fault?: StreamFault;
}

const DONE = '[DONE]';
const HARMLESS = /^(?:(?::|id:|event:|retry:)[^\r\n]*(?:\r\n|\n|\r)|[\r\n])+$/;

export class StreamRelay {
  readonly progress: RelayProgress = {
    hasContent: false,
    hasReleased: false,
    isComplete: false,
    facts: {},
    releasedLength: 0,
    tail: '',
  };
  private readonly options: RelayOptions;
  private readonly splitter: SseSplitter;
  private readonly lanes = new Map<string, LaneFlow>();
  /** Chunks that wait for judgement, oldest first. */
  private waiting: Frame[] = [];
  private isDone = false;
  private isFinal = false;
  private buffered = '';

  constructor(options: RelayOptions) {
    this.options = options;
    this.splitter = new SseSplitter(options.maxFrameLength);
  }

  /** The text to send now. After a fault nothing more comes. */
  push(bytes: Uint8Array): string {
    const out = this.read(() => this.splitter.push(bytes));
    if (!this.options.isBuffered) return out;
    this.buffered += out;
    return '';
  }

  /** The rest, after upstream's regular end: held text is judged and released. On an abort it is not called. */
  end(): string {
    const read = this.buffered + this.read(() => this.splitter.end());
    // Another choice that never said why it stopped was cut.
    if (!this.isDone && !this.isFinal && this.lanes.size > 0) this.progress.isComplete = false;
    if (this.progress.fault !== undefined || !this.progress.isComplete)
      return this.options.isBuffered ? '' : read;
    const out = read + this.endLanes('');
    if (this.options.format.hasDone) this.progress.tail = 'data: [DONE]\n\n';
    return out;
  }

  /** The format's last event came: at most accounting follows. */
  get hasTail(): boolean {
    return this.progress.tail !== '';
  }

  /** [DONE] came: what follows is not read. */
  get isOver(): boolean {
    return this.isDone || this.progress.fault !== undefined;
  }

  private read(split: () => readonly SseFrame[]): string {
    let out = '';
    try {
      for (const frame of split()) {
        if (this.progress.fault !== undefined || this.isDone) break;
        out += this.accept(frame);
      }
    } catch (cause) {
      if (!(cause instanceof FrameTooLarge)) throw cause;
      this.progress.fault = { kind: 'malformed', message: cause.message };
    }
    return out;
  }

  private accept(source: SseFrame): string {
    // Comments and ids go on; a line that the standard does not know is nobody's text to pass on unread.
    if (source.data === undefined) return HARMLESS.test(source.raw) ? source.raw : '';
    if (source.data.trim() === DONE) {
      this.isDone = true;
      this.progress.isComplete = true;
      return this.endLanes('');
    }
    const data = parseObject(source.data);
    if (data === undefined) {
      this.progress.fault = { kind: 'malformed', message: 'a chunk of upstream is no JSON object' };
      return '';
    }
    if (this.options.isErrorFrame(data)) {
      this.progress.fault = { kind: 'upstream_error', data };
      return '';
    }
    return this.acceptChunk(source, source.data, data);
  }

  private acceptChunk(source: SseFrame, text: string, data: JsonObject): string {
    const { format, passesAccounting } = this.options;
    const reading = format.readChunk(data, source.event, text);
    this.note(data, reading);
    const edits = this.judgeWholes(reading);
    // The frame itself holds the text that was objected to.
    if (this.progress.fault !== undefined) return '';
    const parts = reading.deltas.map(openPart);
    const frame: Frame = { source, data: text, parts, edits, hasContent: reading.hasContent, isSplit: false };
    for (const part of parts) {
      this.blame(this.laneOf(part.delta.key, part.delta).push(part));
      if (this.progress.fault !== undefined) break;
    }
    for (const prefix of reading.ends) this.settleLanes(prefix);
    if (!reading.isAccounting || passesAccounting) this.waiting.push(frame);
    const out = this.flush();
    if (!reading.isFinal && this.progress.tail === '') return out;
    this.progress.tail += out;
    return '';
  }

  private note(data: JsonObject, reading: ChunkReading): void {
    const { progress } = this;
    const { facts } = progress;
    // Anthropic's first event has the message inside, and half of the usage with it.
    const inner = isObject(data['message']) ? data['message'] : {};
    for (const usage of [inner['usage'], data['usage']]) {
      if (isObject(usage)) facts.usage = { ...facts.usage, ...usage };
    }
    if (isObject(data['meta'])) facts.meta = data['meta'];
    const model = data['model'] ?? inner['model'];
    if (typeof model === 'string') facts.model ??= model;
    if (reading.hasContent) progress.hasContent = true;
    if (reading.isFinal) {
      facts.last = data;
      this.isFinal = true;
    }
    if (reading.finishReason !== undefined) progress.finishReason = reading.finishReason;
    const isEnd = reading.isFinal || (reading.finishReason !== undefined && this.options.format.hasDone);
    if (isEnd) progress.isComplete = true;
  }

  private laneOf(key: string, text: LocatedText): LaneFlow {
    const open = this.lanes.get(key);
    if (open !== undefined) return open;
    const { chain, listener } = this.options;
    const flow = new LaneFlow(text.lane, chain.openLane(text.lane, text.form), listener);
    this.lanes.set(key, flow);
    return flow;
  }

  /** Texts that stand complete in a chunk are judged as such, by the same judges. */
  private judgeWholes(reading: ChunkReading): readonly JsonEdit[] {
    const edits: JsonEdit[] = [...reading.repairs];
    for (const whole of reading.wholes) {
      const judge = this.options.chain.openLane(whole.lane, whole.form);
      if (judge === undefined) continue;
      const pushed = judge.push(whole.text);
      this.blame(pushed.blockedBy);
      const ended = pushed.blockedBy === undefined ? judge.end() : { pieces: [] };
      this.blame(ended.blockedBy);
      const text = [...pushed.pieces, ...ended.pieces].map((piece) => piece.text).join('');
      if (text === whole.text) continue;
      edits.push({ path: whole.at, json: whole.isEmbedded === true ? text : JSON.stringify(text) });
      for (const path of whole.shadows ?? []) edits.push({ path });
    }
    return edits;
  }

  private settleLanes(prefix: string): void {
    for (const [key, flow] of this.lanes) {
      if (!key.startsWith(prefix)) continue;
      if (this.progress.fault === undefined) this.blame(flow.end());
      this.lanes.delete(key);
    }
  }

  private endLanes(prefix: string): string {
    this.settleLanes(prefix);
    return this.flush();
  }

  private blame(by: BlockedBy | undefined): void {
    if (by !== undefined) this.progress.fault ??= { kind: 'blocked', by };
  }

  /** Writes every frame that is settled; one that waits does not hold up the chunks of other lanes. */
  private flush(): string {
    let out = '';
    const stillWaiting: Frame[] = [];
    for (const frame of this.waiting) {
      const settled = isSettled(frame);
      if (!settled) stillWaiting.push(frame);
      if (!settled && !isWorthSplitting(frame)) continue;
      this.countRelease(frame);
      out += writeFrame(frame);
    }
    this.waiting = stillWaiting;
    return out;
  }

  private countRelease(frame: Frame): void {
    if (frame.hasContent) this.progress.hasReleased = true;
    for (const part of frame.parts) this.progress.releasedLength += part.shown.length;
  }
}
