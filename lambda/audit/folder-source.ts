/** Evidence in a local folder, written here or downloaded from a bucket. */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINT_FOLDER, isCheckpointPath } from './checkpoint.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { evidencePaths } from './read-events.ts';
import { chunksOf } from './read-lines.ts';
import { isCode } from './system-error.ts';

/** Opens nothing yet. */
export function folderSource(dir: string): EvidenceSource {
  return {
    paths: () => evidencePaths(dir),
    read: (path) => chunksOf(createReadStream(join(dir, path), { highWaterMark: CHUNK_BYTES })),
    text: (path) => readFile(join(dir, path), 'utf8').catch(undefinedWhenMissing),
    checkpoints: async () => {
      const names = await readdir(join(dir, CHECKPOINT_FOLDER)).catch(undefinedWhenMissing);
      return (names ?? [])
        .map((name) => `${CHECKPOINT_FOLDER}/${name}`)
        .filter(isCheckpointPath)
        .sort();
    },
  };
}

const CHUNK_BYTES = 256 * 1024;

function undefinedWhenMissing(error: unknown): undefined {
  if (!isCode(error, 'ENOENT')) throw error;
}
