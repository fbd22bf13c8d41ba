/** Finds where the chains of a folder end, by the last lines of their files: nothing else is read. */
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { VouchedHead } from './checkpoint.ts';
import { checkLine } from './hash-chain.ts';

const TAIL_BYTES = 65_536;

/**
 * The last record of each writer. A line that a crash tore, or that was altered, ends no chain.
 * @param paths Within the folder, in order of time; compressed files are left out, they hold no single chain.
 */
export async function chainEnds(dir: string, paths: readonly string[]): Promise<readonly VouchedHead[]> {
  const filesOf = Map.groupBy(
    paths.filter((path) => path.endsWith('.jsonl')),
    (path) => basename(path),
  );
  const ends = new Map<string, VouchedHead>();
  for (const files of filesOf.values()) {
    const end = await lastOf(dir, files);
    if (end === undefined || (ends.get(end.writer_id)?.seq ?? 0) > end.seq) continue;
    ends.set(end.writer_id, end);
  }
  return [...ends.values()].toSorted((a, b) => (a.writer_id < b.writer_id ? -1 : 1));
}

/** Of the last file that has a whole line. */
async function lastOf(dir: string, files: readonly string[]): Promise<VouchedHead | undefined> {
  for (const file of files.toReversed()) {
    const line = await lastLine(join(dir, file));
    if (line === '') continue;
    const checked = checkLine(line);
    if ('fault' in checked) return undefined;
    const { writer_id, seq, hash } = checked.link;
    return { writer_id, seq, hash, file };
  }
  return undefined;
}

/** The last line that has its end; what a crash tore is passed over. */
async function lastLine(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let length = TAIL_BYTES; ; length *= 4) {
      const start = Math.max(0, size - length);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      const tail = buffer.subarray(0, bytesRead);
      const end = tail.lastIndexOf(0x0a);
      const begin = end > 0 ? tail.lastIndexOf(0x0a, end - 1) : -1;
      if (end > 0 && begin >= 0) return tail.toString('utf8', begin + 1, end);
      if (start === 0) return end > 0 ? tail.toString('utf8', 0, end) : '';
    }
  } finally {
    await file.close();
  }
}
