/** The bucket as a lake that checkpoints can be added to: by whoever may read all of it and write below its prefix. */
import type { CheckpointedLake } from './write-checkpoint.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import { s3Source, type S3SourceOptions } from './s3-source.ts';
import { verifyEvidence, type VerifyOptions } from './verify.ts';

/** What Firehose could not deliver it tries for up to 24 hours, and stores in the folder of the hour it came. */
const DELIVERY_MS = 25 * 3_600_000;

/** The evidence has faults: nobody vouches for it. */
export class EvidenceNotValid extends Error {
  override readonly name = 'EvidenceNotValid';
}

/**
 * Needs s3:ListBucket, s3:GetObject and s3:PutObject. Objects hold many chains, so all of them are read and
 * verified on the way; `ends` rejects with EvidenceNotValid when they have a fault.
 */
export function s3Lake(options: S3SourceOptions, onProgress?: VerifyOptions['onProgress']): CheckpointedLake {
  const source = s3Source(options);
  return {
    source,
    ends: async () => {
      const {
        ok,
        fault_count: faults,
        heads,
      } = await verifyEvidence(source, {
        ...(onProgress !== undefined && { onProgress }),
      });
      if (!ok) throw new EvidenceNotValid(`${faults} faults; kt events verify --s3 tells them`);
      return heads;
    },
    completeBefore: (now) => folderOf(hourOf(now - DELIVERY_MS)),
    create: async (path, text) => {
      const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
      const client = new S3Client(options.client ?? {});
      try {
        const Key = options.prefix + path;
        await client.send(
          new PutObjectCommand({ Bucket: options.bucket, Key, Body: text, IfNoneMatch: '*' }),
        );
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'PreconditionFailed') return false;
        throw error;
      } finally {
        client.destroy();
      }
    },
  };
}
