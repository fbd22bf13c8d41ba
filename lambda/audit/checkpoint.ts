/** Checkpoints: signed lists of where all chains ended at a time, so that no end and no whole chain goes unseen. */
import { hash } from 'node:crypto';
import { isRecord } from '../config/canonical-json.ts';
import { checkSignedRecord } from './signature.ts';

/** Beside the days of the lake: one file for each checkpoint, named by its number. */
export const CHECKPOINT_FOLDER = 'checkpoints';

export const CHECKPOINT_VERSION = 1;

/** Before the first one. */
export const NO_CHECKPOINT = '0'.repeat(64);

/** Where a chain ended. `seq` is also the number of its records, because chains count from 1 without gaps. */
export interface VouchedHead {
  readonly writer_id: string;
  readonly seq: number;
  readonly hash: string;
  /** Where the last record stood; in a bucket it may stand elsewhere, too. */
  readonly file: string;
}

/** What one checkpoint says. */
export interface Checkpoint {
  readonly checkpoint: typeof CHECKPOINT_VERSION;
  /** From 1, without gaps. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** `dt=…/hr=…`: the hours before this one had all their records by then. */
  readonly complete_before: string;
  /** SHA-256 of the line of the checkpoint before; 64 zeros for the first. */
  readonly previous: string;
  /** Of a bucket, whose lifecycle removes what is older: days for which events are kept. Null, or absent, elsewhere. */
  readonly retention_days?: number | null;
  /** The chains that went on since the checkpoint before, by writer; in a bucket also where each ended on earlier days. */
  readonly heads: readonly VouchedHead[];
  /** A digest of nothing under the key of the deployment: another key shows, the key does not. Null when unknown. */
  readonly digest_key: string | null;
}

/** A checkpoint that was signed as it stands. */
export interface SignedCheckpoint extends Checkpoint {
  /** Of the line. */
  readonly hash: string;
  readonly publicKey: string;
}

/** The path of a checkpoint within the lake. */
export function checkpointPath(number: number): string {
  return `${CHECKPOINT_FOLDER}/${String(number).padStart(8, '0')}.json`;
}

/** True for the path of a checkpoint. */
export function isCheckpointPath(path: string): boolean {
  return /^checkpoints\/\d{8}\.json$/.test(path);
}

/** Undefined unless the text is one line that was signed, and a checkpoint. */
export function readCheckpoint(text: string): SignedCheckpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const line = text.slice(0, -1);
  const signed = checkSignedRecord(line);
  if (signed === undefined || !isCheckpoint(signed.fields)) return undefined;
  return { ...signed.fields, hash: hash('sha256', line, 'hex'), publicKey: signed.publicKey };
}

/** What is signed was made by the code above: the kind is checked, the rest follows from the signature. */
function isCheckpoint(value: unknown): value is Checkpoint {
  return isRecord(value) && value['checkpoint'] === CHECKPOINT_VERSION && Array.isArray(value['heads']);
}
