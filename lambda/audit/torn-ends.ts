/** Finds what a crash left: files whose last line has no end. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOfFolder } from './lake-layout.ts';
import { evidencePaths } from './read-events.ts';
import type { AuditLog } from './sink.ts';

/**
 * Tells of torn last lines in the latest day of a folder. They are left as they are: what was torn had not been
 * confirmed to anybody, verification knows it, and a new writer goes on in files of its own. Never rejects.
 */
export async function tellTornEnds(dir: string, log: AuditLog): Promise<void> {
  try {
    for (const file of await tornFiles(dir)) {
      log('warn', 'the last line of a file is torn, as a crash leaves it; a new chain goes on', { file });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('warn', 'the ends of earlier files could not be read', { dir, reason });
  }
}

/** Older days were looked at when they were the latest. */
async function tornFiles(dir: string): Promise<readonly string[]> {
  const days = (await readdir(dir)).flatMap((name) => dayOfFolder(name) ?? []).sort();
  const paths = (await evidencePaths(dir, days.at(-1))).filter((path) => path.endsWith('.jsonl'));
  const isTorn = await Promise.all(paths.map((path) => endsTorn(join(dir, path))));
  return paths.filter((_, index) => isTorn[index]);
}

async function endsTorn(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}
