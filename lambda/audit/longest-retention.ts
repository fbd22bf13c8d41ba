/** Finds out how long the events of an object want to be kept: the longest of them counts for all. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isMapping, mappingOf } from '../config/tree.ts';

export interface RetentionFound {
  /** Undefined when no line says so. */
  readonly days: number | undefined;
  /** Lines that are no JSON object, or a compressed body that breaks off: all that came before it counts. */
  readonly unreadable: number;
}

/** A record of Firehose has at most 1,000 KiB; longer lines are not ours. */
const LINE_BYTES = 4 * 1024 * 1024;
const MOST_DAYS = 36_500;
const LINE_END = 0x0a;

/**
 * Reads the lines once, in constant memory.
 * @throws whatever the body throws; content that can't be understood never throws.
 */
export async function longestRetention(
  body: AsyncIterable<Uint8Array>,
  isCompressed: boolean,
): Promise<RetentionFound> {
  let days: number | undefined;
  let unreadable = 0;
  try {
    for await (const line of linesOf(isCompressed ? unpacked(body) : body)) {
      const read = line === undefined ? 'unreadable' : retentionOf(line);
      if (read === 'unreadable') unreadable += 1;
      else if (read !== undefined) days = Math.max(read, days ?? 0);
    }
  } catch (error) {
    if (!isBadGzip(error)) throw error;
    unreadable += 1;
  }
  return { days, unreadable };
}

/** Undefined for a line that says nothing of retention. */
function retentionOf(line: string): number | 'unreadable' | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isMapping(value)) return 'unreadable';
    const days = mappingOf(value['audit'])['retention_days'];
    const isDays = typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= MOST_DAYS;
    return isDays ? days : undefined;
  } catch {
    return 'unreadable';
  }
}

function unpacked(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = Readable.from(body);
  const unzip = createGunzip();
  source.once('error', (error) => unzip.destroy(error));
  return source.pipe(unzip);
}

/** Undefined stands for a line that is too long. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  let rest = Buffer.alloc(0);
  let isTooLong = false;
  for await (const part of body) {
    const bytes = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
    let from = 0;
    for (let to = bytes.indexOf(LINE_END); to >= 0; to = bytes.indexOf(LINE_END, from)) {
      yield isTooLong ? undefined : bytes.toString('utf8', from, to);
      isTooLong = false;
      from = to + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
    if (rest.length > LINE_BYTES) {
      isTooLong = true;
      rest = Buffer.alloc(0);
    }
  }
  if (isTooLong) yield undefined;
  else if (rest.length > 0) yield rest.toString('utf8');
}

function isBadGzip(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  );
}
