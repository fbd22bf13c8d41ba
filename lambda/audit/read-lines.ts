/** Reads a file of any length line by line, as bytes, in constant memory. */
import { createReadStream } from 'node:fs';

/** A line as it stands in the file. */
export interface RawLine {
  /** Without the line end. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** False for a last line that has no line end. */
  readonly isEnded: boolean;
}

/** Longer lines are cut here; no event is that long. */
const LINE_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/** Gives the lines of each chunk together: a step for each line would cost more than the line. */
export async function* readLines(path: string, start = 0): AsyncGenerator<readonly RawLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunksOf(path, start)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: RawLine[] = [];
    let from = 0;
    for (let to = bytes.indexOf(LINE_END); to >= 0; to = bytes.indexOf(LINE_END, from)) {
      lines.push({ bytes: bytes.subarray(from, to), number: ++number, isEnded: true });
      from = to + 1;
    }
    rest = bytes.subarray(from, from + LINE_BYTES);
    yield lines;
  }
  if (rest.length > 0) yield [{ bytes: rest, number: number + 1, isEnded: false }];
}

async function* chunksOf(path: string, start: number): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { start, highWaterMark: CHUNK_BYTES })) {
    if (Buffer.isBuffer(chunk)) yield chunk;
  }
}
