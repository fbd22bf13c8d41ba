/** The one call of S3 that evidence needs when Firehose fails; a module of its own, so that it is loaded only then. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AwsClientSettings } from './delivery.ts';

export interface S3Puts {
  put(key: string, body: Uint8Array, timeoutMs: number): Promise<void>;
  destroy(): void;
}

export function s3Puts(bucketName: string, settings: AwsClientSettings): S3Puts {
  // Path style only where an endpoint is given: such endpoints rarely have a name for each bucket.
  const forcePathStyle = settings.endpoint !== undefined;
  const client = new S3Client({ ...settings, forcePathStyle, maxAttempts: 2 });
  return {
    put: async (Key, Body, timeoutMs) => {
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key,
        Body,
        ContentType: 'application/x-ndjson',
      });
      await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
    },
    destroy: () => client.destroy(),
  };
}
