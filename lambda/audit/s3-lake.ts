/** The bucket as a lake that checkpoints can be added to: by whoever may read all of it and write below its prefix. */
import { readContinuation } from './continuation.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import type { LockMode } from './object-locks.ts';
import { s3Source, type S3SourceOptions } from './s3-source.ts';
import { verifyEvidence, type VerifyOptions } from './verify.ts';
import type { CheckpointedLake } from './write-checkpoint.ts';

/** What Firehose could not deliver it tries for up to 24 hours, and stores in the folder of the hour it came. */
const DELIVERY_MS = 25 * 3_600_000;
const DAY_MS = 86_400_000;

/** The evidence has faults: nobody vouches for it. */
export class EvidenceNotValid extends Error {
  override readonly name = 'EvidenceNotValid';
}

export interface S3LakeOptions extends S3SourceOptions {
  readonly onProgress?: VerifyOptions['onProgress'];
  /**
   * The public key whose last checkpoint is gone on from, so that a day costs a day however old the lake is. Default:
   * everything is read.
   */
  readonly since?: () => Promise<string>;
  /** Each checkpoint is locked from its first moment on. Default: it is not. */
  readonly lock?: { readonly mode: LockMode; readonly days: number; readonly now: () => number };
}

/**
 * Needs s3:ListBucket, s3:GetObject and s3:PutObject, with a lock s3:PutObjectRetention as well. Objects hold many
 * chains, so all that count are read and verified on the way; `ends` rejects with EvidenceNotValid when they have a
 * fault.
 */
export function s3Lake(options: S3LakeOptions): CheckpointedLake {
  const source = s3Source(options);
  return {
    source,
    ends: async () => {
      const { since: key, onProgress } = options;
      const since = key && (await readContinuation(source, await key()));
      const { ok, ...found } = await verifyEvidence(source, {
        ...(onProgress !== undefined && { onProgress }),
        ...(since !== undefined && { since }),
      });
      if (ok) return found;
      const [first] = found.faults;
      const where = first === undefined ? '' : `, the first: ${first.kind} in ${first.file}`;
      throw new EvidenceNotValid(`${found.fault_count} faults${where}; kt events verify --s3 tells them`);
    },
    completeBefore: (now) => folderOf(hourOf(now - DELIVERY_MS)),
    create: (path, text) => create(options, path, text),
  };
}

/** S3 itself refuses a name that is taken. */
async function create(options: S3LakeOptions, path: string, text: string): Promise<boolean> {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client(options.client ?? {});
  const { bucket: Bucket, prefix, lock } = options;
  const locked = lock && {
    ObjectLockMode: lock.mode,
    ObjectLockRetainUntilDate: new Date(lock.now() + lock.days * DAY_MS),
  };
  const Key = prefix + path;
  try {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: text, IfNoneMatch: '*', ...locked }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return false;
    throw error;
  } finally {
    client.destroy();
  }
}
