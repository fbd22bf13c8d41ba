/**
 * Cuts a stream of bytes into server-sent events and keeps each one's source text, so that what is not
 * changed goes on as it came. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

export interface SseFrame {
  /** As received, the blank line included (added when the stream ended without one). */
  readonly raw: string;
  readonly event?: string;
  /** All data lines joined; undefined when the frame has none (a comment, a lone id). */
  readonly data?: string;
}

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

  /** The frame that the stream ended in, if it has data. */
  end(): readonly SseFrame[] {
    const frames = [...this.take(this.decoder.decode())];
    const rest = this.pending.replace(/[\r\n]+$/, '');
    this.pending = '';
    if (rest !== '') frames.push(readFrame(`${rest}\n\n`));
    return frames;
  }

  private take(text: string): readonly SseFrame[] {
    if (text === '') return [];
    this.pending += text;
    const frames: SseFrame[] = [];
    let start = 0;
    for (;;) {
      const end = this.endOfFrame(start);
      if (end === -1) break;
      // A frame of a leading blank line only is a stray line end: nothing to read, nothing to show.
      frames.push(readFrame(this.pending.slice(start, end)));
      start = end;
      this.searched = end;
    }
    if (start > 0) this.pending = this.pending.slice(start);
    this.searched = Math.max(0, this.pending.length - 3);
    if (this.pending.length > this.maxFrameLength) throw new FrameTooLarge(this.maxFrameLength);
    return frames;
  }

  private endOfFrame(start: number): number {
    const from = Math.max(start, this.searched);
    if (!this.pending.includes('\r', from)) {
      const index = this.pending.indexOf('\n\n', from);
      return index === -1 ? -1 : index + 2;
    }
    BLANK_LINE.lastIndex = from;
    return BLANK_LINE.test(this.pending) ? BLANK_LINE.lastIndex : -1;
  }
}

function readFrame(raw: string): SseFrame {
  // The shape of nearly every frame: one data line, one blank line.
  if (raw.startsWith('data: ') && raw.indexOf('\n') === raw.length - 2 && !raw.includes('\r')) {
    return { raw, data: raw.slice(6, -2) };
  }
  let event: string | undefined;
  let data: string | undefined;
  for (const line of raw.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (colon === 0 || line === '') continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value;
  }
  return { raw, ...(event !== undefined && { event }), ...(data !== undefined && { data }) };
}

/** The frame with other data; event name, id and comments stay. */
export function withData(frame: SseFrame, data: string): string {
  const kept = frame.raw
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== '' && !/^data(?::|$)/.test(line))
    .map((line) => `${line}\n`)
    .join('');
  return `${kept}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}
