/** Object Lock of an S3 bucket, by the AWS SDK. */
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ListedVersion, ObjectLock, ObjectLocks, ObjectVersion } from './object-locks.ts';

export interface S3ObjectLocksOptions {
  readonly bucket: string;
  /** Default: what the SDK finds in its environment. */
  readonly client?: S3Client;
}

/** S3's word for an object without a lock. */
const NO_LOCK = 'NoSuchObjectLockConfiguration';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html */
export function s3ObjectLocks({ bucket, client = aClient() }: S3ObjectLocksOptions): ObjectLocks {
  const place = ({ key, versionId }: ObjectVersion) => ({
    Bucket: bucket,
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
  });
  return {
    read: async (object) => {
      const { Body, LastModified } = await client.send(new GetObjectCommand(place(object)));
      if (Body === undefined || LastModified === undefined)
        throw new Error(`S3 gave no content or no time for ${object.key}`);
      return { body: bytesOf(Body), storedAt: LastModified.getTime() };
    },
    lockOf: async (object) => {
      try {
        const { Retention } = await client.send(new GetObjectRetentionCommand(place(object)));
        const { Mode, RetainUntilDate } = Retention ?? {};
        return Mode && RetainUntilDate && { mode: Mode, until: RetainUntilDate.getTime() };
      } catch (error) {
        if (error instanceof Error && error.name === NO_LOCK) return undefined;
        throw error;
      }
    },
    lock: async (object, { mode, until }: ObjectLock) => {
      const Retention = { Mode: mode, RetainUntilDate: new Date(until) };
      await client.send(new PutObjectRetentionCommand({ ...place(object), Retention }));
    },
    list: (prefix) => listVersions(client, bucket, prefix),
  };
}

function aClient(): S3Client {
  return new S3Client({
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
  });
}

async function* listVersions(
  client: S3Client,
  Bucket: string,
  Prefix: string,
): AsyncGenerator<ListedVersion> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, ...marker }),
    );
    for (const { Key, VersionId, LastModified } of page.Versions ?? []) {
      if (Key !== undefined && VersionId !== undefined && LastModified !== undefined)
        yield { key: Key, versionId: VersionId, storedAt: LastModified.getTime() };
    }
    const { NextKeyMarker, NextVersionIdMarker } = page;
    marker =
      page.IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
          }
        : undefined;
  }
}

async function* bytesOf(body: object): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new Error('S3 gave a body that is no stream of bytes');
  for await (const part of body) {
    if (part instanceof Uint8Array) yield part;
  }
}
