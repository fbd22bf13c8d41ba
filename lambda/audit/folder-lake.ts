/** A local folder as a lake whose checkpoints the gateway itself writes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chainEnds } from './chain-ends.ts';
import { CHECKPOINT_FOLDER } from './checkpoint.ts';
import { createOnce } from './create-once.ts';
import { folderSource } from './folder-source.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import type { CheckpointedLake } from './write-checkpoint.ts';

/** Files grow in the hour that is now, and in no earlier one. */
export function folderLake(dir: string): CheckpointedLake {
  const source = folderSource(dir);
  return {
    source,
    // What retention removes from a folder leaves a mark.
    ends: async () => ({ heads: await chainEnds(dir, await source.paths()), retentionDays: null }),
    completeBefore: (now) => folderOf(hourOf(now)),
    create: async (path, text) => {
      await mkdir(join(dir, CHECKPOINT_FOLDER), { recursive: true, mode: 0o750 });
      return createOnce(join(dir, path), text, 0o640);
    },
  };
}
