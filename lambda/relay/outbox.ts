/** Sends chunks to the caller in the order in which they become ready: a lane's own never overtake each other. */
import type { JsonObject, JsonPath } from '../wire/json-value.ts';
import { isNext, isSettled, isWorthSplitting, writeFirstPart, writeFrame } from './frame.ts';
import type { Frame } from './frame.ts';

/** See WireFormat. */
export type Partable = (data: JsonObject) => readonly JsonPath[] | undefined;

export class Outbox {
  private readonly partable: Partable;
  private readonly onRelease: (frame: Frame) => void;
  /** Chunks that may have become ready. */
  private readonly touched = new Set<Frame>();

  /** @param onRelease hears of each chunk before it is written. */
  constructor(partable: Partable, onRelease: (frame: Frame) => void) {
    this.partable = partable;
    this.onRelease = onRelease;
  }

  readonly touch = (frame: Frame): void => void this.touched.add(frame);

  /** The text of all chunks that are ready. A chunk that waits for one lane does not hold up those of others. */
  flush(): string {
    let out = '';
    // What is sent may make the next chunk of its lanes ready.
    for (let frame = this.oldest(); frame !== undefined; frame = this.oldest()) {
      this.touched.delete(frame);
      out += this.send(frame);
    }
    return out;
  }

  private oldest(): Frame | undefined {
    let oldest: Frame | undefined;
    for (const frame of this.touched) {
      if (oldest === undefined || frame.order < oldest.order) oldest = frame;
    }
    return oldest;
  }

  private send(frame: Frame): string {
    if (frame.isSent || !isNext(frame)) return '';
    if (isSettled(frame)) {
      this.onRelease(frame);
      frame.isSent = true;
      for (const part of frame.parts) part.flow.sent();
      return writeFrame(frame, frame.isSplit ? (this.partable(frame.data) ?? []) : []);
    }
    const once = isWorthSplitting(frame) ? this.partable(frame.data) : undefined;
    if (once === undefined) return '';
    this.onRelease(frame);
    return writeFirstPart(frame, once);
  }
}
