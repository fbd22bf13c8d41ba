/** Writes checkpoints: reads where the chains end, leaves out what is vouched for, signs the rest. */
import { hash } from 'node:crypto';
import {
  CHECKPOINT_VERSION,
  checkpointPath,
  NO_CHECKPOINT,
  readCheckpoint,
  type Checkpoint,
  type VouchedHead,
} from './checkpoint.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { folderLake } from './folder-lake.ts';
import { signRecord, type Signer } from './signature.ts';

/** Evidence that checkpoints can be added to. */
export interface CheckpointedLake {
  readonly source: EvidenceSource;
  /** Where all chains end now. */
  ends(): Promise<ChainEnds>;
  /** The hour before which nothing new comes: `dt=…/hr=…`. @param now Milliseconds since the epoch. */
  completeBefore(now: number): string;
  /** False when the name is taken. */
  create(path: string, text: string): Promise<boolean>;
}

/** What a lake has to be vouched for. */
export interface ChainEnds {
  /** By writer, and of each in the order of its chain. */
  readonly heads: readonly VouchedHead[];
  /** See Checkpoint. */
  readonly retentionDays: number | null;
}

/** By whom, and when. */
export interface CheckpointDetails {
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
  /** Chains that went on. */
  readonly heads: number;
}

/** Others write checkpoints, too. */
const TRIES = 20;

/** Of a local folder; see addCheckpoint. */
export function writeCheckpoint({
  dir,
  ...details
}: CheckpointDetails & { readonly dir: string }): Promise<WrittenCheckpoint | undefined> {
  return addCheckpoint(folderLake(dir), details);
}

/** Undefined when no chain went on since the last checkpoint. Rejects with the system's error. */
export async function addCheckpoint(
  lake: CheckpointedLake,
  { signer, now, digestKey }: CheckpointDetails,
): Promise<WrittenCheckpoint | undefined> {
  const ends = await lake.ends();
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await readAll(lake.source);
    const heads = ends.heads.filter(({ writer_id: writer, seq }) => seq > (before.ends.get(writer) ?? 0));
    if (heads.length === 0) return undefined;
    const number = before.count + 1;
    const checkpoint: Checkpoint = {
      checkpoint: CHECKPOINT_VERSION,
      number,
      created_at: new Date(now).toISOString(),
      complete_before: lake.completeBefore(now),
      previous: before.last,
      retention_days: ends.retentionDays,
      heads,
      digest_key: digestKey,
    };
    const line = await signRecord({ ...checkpoint }, await signer());
    const path = checkpointPath(number);
    if (await lake.create(path, `${line}\n`))
      return { path, number, heads: new Set(heads.map(({ writer_id: writer }) => writer)).size };
  }
  throw new Error(`others took the number of the checkpoint ${String(TRIES)} times; try again`);
}

/** What the checkpoints so far say; those that are broken count, because their numbers are taken. */
async function readAll(source: EvidenceSource) {
  const ends = new Map<VouchedHead['writer_id'], number>();
  let last = NO_CHECKPOINT;
  let count = 0;
  for (const path of await source.checkpoints()) {
    const text = (await source.text(path)) ?? '';
    last = hash('sha256', text.trimEnd(), 'hex');
    count = Number(/\d+/.exec(path)?.[0]);
    for (const head of readCheckpoint(text)?.heads ?? []) ends.set(head.writer_id, head.seq);
  }
  return { ends, last, count };
}
