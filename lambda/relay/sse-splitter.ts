/**
 * Cuts a stream of bytes into server-sent events and keeps each one's source text, so that what is not
 * changed goes on as it came. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { readFrame } from './sse-frame.ts';
import type { SseFrame } from './sse-frame.ts';

/** A frame larger than the limit: nothing of it is kept. */
export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge';
  constructor(limit: number) {
    super(`a server-sent event of upstream is larger than ${limit} characters`);
  }
}

/** A blank line after a line: \n\n, \r\n\r\n, \r\r and every mixture. A \r at the very end may be half a \r\n. */
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n|$))(?:\r\n|\n|\r(?!\n|$))/g;

export class SseSplitter {
  private readonly decoder = new TextDecoder();
  private readonly maxFrameLength: number;
  private pending = '';
  /** Up to here `pending` is known to hold no blank line. */
  private searched = 0;

  /** @param maxFrameLength in UTF-16 units. */
  constructor(maxFrameLength: number) {
    this.maxFrameLength = maxFrameLength;
  }

  push(bytes: Uint8Array): readonly SseFrame[] {
    return this.take(this.decoder.decode(bytes, { stream: true }));
  }

  /** The frame that the stream ended in, if it ended in one. */
  end(): readonly SseFrame[] {
    const frames = [...this.take(this.decoder.decode())];
    const rest = this.pending.replace(/[\r\n]+$/, '');
    this.pending = '';
    if (rest !== '') frames.push({ ...readFrame(`${rest}\n\n`), isUnfinished: true });
    return frames;
  }

  private take(text: string): readonly SseFrame[] {
    if (text === '') return [];
    this.pending += text;
    const hasCarriageReturn = this.pending.includes('\r');
    const frames: SseFrame[] = [];
    let start = 0;
    for (;;) {
      const from = Math.max(start, this.searched);
      const end = hasCarriageReturn ? this.endOfFrame(from) : this.pending.indexOf('\n\n', from) + 2;
      if (end < from + 2) break;
      this.checkLength(end - start);
      frames.push(readFrame(this.pending.slice(start, end)));
      start = end;
    }
    if (start > 0) this.pending = this.pending.slice(start);
    this.searched = Math.max(0, this.pending.length - 3);
    this.checkLength(this.pending.length);
    return frames;
  }

  private checkLength(length: number): void {
    if (length > this.maxFrameLength) throw new FrameTooLarge(this.maxFrameLength);
  }

  private endOfFrame(from: number): number {
    BLANK_LINE.lastIndex = from;
    return BLANK_LINE.test(this.pending) ? BLANK_LINE.lastIndex : -1;
  }
}
