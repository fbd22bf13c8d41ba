/** Evidence in the bucket itself, read with the caller's own rights; the client is loaded when it is first needed. */
import type { S3Client } from '@aws-sdk/client-s3';
import { isCheckpointPath } from './checkpoint.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { isEvidencePath } from './lake-layout.ts';
import { chunksOf } from './read-lines.ts';

/** Which part of which bucket, and how the SDK gets there. */
export interface S3SourceOptions {
  readonly bucket: string;
  /** Before the days of the lake: empty, or with its slash at the end. */
  readonly prefix: string;
  /** Default: what the SDK finds in its environment. */
  readonly client?: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly forcePathStyle?: boolean;
  };
}

/** Needs s3:ListBucket and s3:GetObject. */
export function s3Source({ bucket, prefix, client = {} }: S3SourceOptions): EvidenceSource {
  let loading: Promise<S3Client> | undefined;
  const sdk = () => import('@aws-sdk/client-s3');
  const reader = (): Promise<S3Client> => (loading ??= sdk().then(({ S3Client }) => new S3Client(client)));

  const list = async (below: string): Promise<readonly string[]> => {
    const { paginateListObjectsV2 } = await sdk();
    const paths: string[] = [];
    const pages = paginateListObjectsV2(
      { client: await reader() },
      { Bucket: bucket, Prefix: prefix + below },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key } of Contents) if (Key !== undefined) paths.push(Key.slice(prefix.length));
    }
    return paths.sort();
  };

  const body = async (path: string): Promise<AsyncIterable<unknown>> => {
    const { GetObjectCommand } = await sdk();
    const reply = await (await reader()).send(new GetObjectCommand({ Bucket: bucket, Key: prefix + path }));
    if (!isIterable(reply.Body)) throw new Error(`object ${path} came without a body`);
    return reply.Body;
  };

  return {
    paths: async () => (await list('dt=')).filter(isEvidencePath),
    checkpoints: async () => (await list('checkpoints/')).filter(isCheckpointPath),
    read: async function* (path) {
      yield* chunksOf(await body(path));
    },
    text: async (path) => {
      try {
        const parts: Uint8Array[] = [];
        for await (const part of chunksOf(await body(path))) parts.push(part);
        return Buffer.concat(parts).toString();
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
