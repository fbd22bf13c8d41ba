/** Writes checkpoints of a folder: on demand, when the gateway ends, and soon after each midnight (UTC). */
import { hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chainEnds } from './chain-ends.ts';
import {
  CHECKPOINT_FOLDER,
  CHECKPOINT_VERSION,
  checkpointPath,
  NO_CHECKPOINT,
  readCheckpoint,
  type Checkpoint,
  type VouchedHead,
} from './checkpoint.ts';
import { createOnce } from './create-once.ts';
import { folderSource } from './folder-source.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import { signRecord, type Signer } from './signature.ts';

/** Of which folder, and by whom. */
export interface CheckpointOptions {
  readonly dir: string;
  /** Asked for when there is something to sign. */
  readonly signer: () => Promise<Signer>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** See Checkpoint. */
  readonly digestKey: string | null;
}

/** A checkpoint that was written. */
export interface WrittenCheckpoint {
  readonly path: string;
  readonly number: number;
  readonly heads: number;
}

/** Other processes on the folder write checkpoints, too. */
const TRIES = 20;

/** Undefined when no chain went on since the last checkpoint. Rejects with the system's error. */
export async function writeCheckpoint(options: CheckpointOptions): Promise<WrittenCheckpoint | undefined> {
  const { dir, signer, now, digestKey } = options;
  const source = folderSource(dir);
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await readAll(dir);
    const ends = await chainEnds(dir, await source.paths());
    const heads = ends.filter(({ writer_id: writer, hash: end }) => before.ends.get(writer) !== end);
    if (heads.length === 0) return undefined;
    const number = before.count + 1;
    const checkpoint: Checkpoint = {
      checkpoint: CHECKPOINT_VERSION,
      number,
      created_at: new Date(now).toISOString(),
      complete_before: folderOf(hourOf(now)),
      previous: before.last,
      heads,
      digest_key: digestKey,
    };
    const line = await signRecord({ ...checkpoint }, await signer());
    await mkdir(join(dir, CHECKPOINT_FOLDER), { recursive: true, mode: 0o750 });
    const path = checkpointPath(number);
    if (await createOnce(join(dir, path), `${line}\n`, 0o640)) return { path, number, heads: heads.length };
  }
  throw new Error(`checkpoint of ${dir}: other processes took the number ${String(TRIES)} times; try again`);
}

/** What the checkpoints so far say; those that are broken count, because their numbers are taken. */
async function readAll(dir: string) {
  const source = folderSource(dir);
  const ends = new Map<VouchedHead['writer_id'], string>();
  let last = NO_CHECKPOINT;
  let count = 0;
  for (const path of await source.checkpoints()) {
    const text = (await source.text(path)) ?? '';
    last = hash('sha256', text.trimEnd(), 'hex');
    count = Number(/\d+/.exec(path)?.[0]);
    for (const head of readCheckpoint(text)?.heads ?? []) ends.set(head.writer_id, head.hash);
  }
  return { ends, last, count };
}
