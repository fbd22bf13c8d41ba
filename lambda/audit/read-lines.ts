/** Reads files of any length line by line, as bytes, in constant memory; compressed ones as what they hold. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

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

/**
 * The lines of a file on this machine.
 * @param start The byte to begin at; a compressed file, which never grows, has no more lines after its start.
 */
export async function* readLines(path: string, start = 0): AsyncGenerator<readonly RawLine[]> {
  if (path.endsWith('.gz') && start > 0) return;
  const stream = createReadStream(path, { start, highWaterMark: CHUNK_BYTES });
  yield* linesOf(unpacked(path, chunksOf(stream)));
}

/** Gives the lines of each chunk together: a step for each line would cost more than the line. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RawLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
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

/** What a file holds: Firehose compresses, and names such files `.gz`. */
export function unpacked(path: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (!path.endsWith('.gz')) return chunks;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Whoever reads from gunzip meets the error there.
  pipeline(Readable.from(chunks), gunzip, () => undefined);
  return chunksOf(gunzip);
}

/** The bytes of a stream, typed as such. */
export async function* chunksOf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
