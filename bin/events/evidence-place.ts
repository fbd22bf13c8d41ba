/** Where a command finds its evidence: a local folder, or a bucket. */
import type { EvidenceSource } from '../../lambda/audit/evidence-source.ts';
import { folderSource } from '../../lambda/audit/folder-source.ts';
import type { S3SourceOptions } from '../../lambda/audit/s3-source.ts';
import { CommandFailure } from '../terminal.ts';
import { withFolder } from './audit-folder.ts';

/** What the caller named. */
export interface EvidencePlace {
  readonly auditDir: string;
  /** `bucket/prefix`, with or without `s3://`. */
  readonly s3?: string;
}

/** For messages. */
export function nameOf({ auditDir, s3 }: EvidencePlace): string {
  return s3 === undefined ? auditDir : `s3://${s3.replace(/^s3:\/\//, '')}`;
}

/** Runs over the evidence; a place that can't be read is told in one line, with what to do. */
export async function withEvidence<T>(
  place: EvidencePlace,
  run: (source: EvidenceSource) => Promise<T>,
): Promise<T> {
  if (place.s3 === undefined) return withFolder(place.auditDir, () => run(folderSource(place.auditDir)));
  const options = bucketOf(place.s3);
  const { s3Source } = await import('../../lambda/audit/s3-source.ts');
  return withBucket(place.s3, () => run(s3Source(options)));
}

/** Runs over a bucket; what AWS refuses is told in one line, with what to do. */
export async function withBucket<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CommandFailure || !(error instanceof Error)) throw error;
    const hint = 'check names, AWS_REGION and that your credentials may s3:ListBucket and s3:GetObject';
    throw new CommandFailure(1, `cannot use ${nameOf({ auditDir: '', s3: name })}: ${error.name}; ${hint}`, {
      cause: error,
    });
  }
}

/** Reads `bucket/prefix`; a prefix without its slash is a folder, too. */
export function bucketOf(name: string): S3SourceOptions {
  const [, bucket, prefix = ''] = /^(?:s3:\/\/)?([^/]+)(?:\/(.*))?$/.exec(name) ?? [];
  if (bucket === undefined) throw new CommandFailure(1, `--s3 ${name}: allowed is bucket/prefix`);
  // Endpoints of one's own rarely have a name for each bucket.
  const { AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: ofS3 } = process.env;
  const hasEndpoint = endpoint !== undefined || ofS3 !== undefined;
  return {
    bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    ...(hasEndpoint && { client: { forcePathStyle: true } }),
  };
}
