/** Sends chunks to the caller in the order in which they become ready: a lane's own never overtake each other. */
import type { JsonObject, JsonPath } from '../wire/json-value.ts';
import { isNext, isSettled, isWorthSplitting, writeFirstPart, writeFrame } from './frame.ts';
import type { Frame } from './frame.ts';

/** See WireFormat. */
export type Partable = (data: JsonObject) => readonly JsonPath[] | undefined;

export class Outbox {
  private readonly partable: Partable;
  private readonly onRelease: (frame: Frame) => void;
  /** Chunks that may have become ready, the oldest first. */
  private touched: Frame[] = [];
  /** Of `touched`, how many at its front were looked at. */
  private next = 0;

  /** @param onRelease hears of each chunk before it is written. */
  constructor(partable: Partable, onRelease: (frame: Frame) => void) {
    this.partable = partable;
    this.onRelease = onRelease;
  }

  readonly touch = (frame: Frame): void => {
    if (frame.isTouched) return;
    frame.isTouched = true;
    const { touched } = this;
    // They come nearly in their order.
    let at = touched.length;
    while (at > this.next && (touched[at - 1]?.order ?? 0) > frame.order) at -= 1;
    if (at === touched.length) touched.push(frame);
    else touched.splice(at, 0, frame);
  };

  /** The text of all chunks that are ready. A chunk that waits for one lane does not hold up those of others. */
  flush(): string {
    let out = '';
    // What is sent may make the next chunk of its lanes ready.
    for (let frame = this.touched[0]; frame !== undefined; frame = this.touched[this.next]) {
      this.next += 1;
      frame.isTouched = false;
      out += this.send(frame);
    }
    this.touched = [];
    this.next = 0;
    return out;
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
