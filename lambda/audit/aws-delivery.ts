/** Delivery by the AWS SDK. Each client is loaded when it is first needed: no cold start waits for them. */
import type { FirehoseClient, PutRecordBatchResponseEntry } from '@aws-sdk/client-firehose';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Delivery, RefusedRecord } from './delivery.ts';

/** Where records go, and how the SDK gets there. */
export interface AwsDeliveryOptions {
  readonly streamName: string;
  readonly bucketName: string;
  /** Default: what the SDK finds in its environment. */
  readonly client?: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/**
 * Loads nothing before it is needed.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function awsDelivery({ streamName, bucketName, client = {} }: AwsDeliveryOptions): Delivery {
  const firehose = once(async () => {
    const sdk = await import('@aws-sdk/client-firehose');
    return { sdk, client: new sdk.FirehoseClient({ ...client, maxAttempts: 1 }) };
  });
  const s3 = once(async () => {
    const sdk = await import('@aws-sdk/client-s3');
    // Path style only where an endpoint is given: such endpoints rarely have a name for each bucket.
    const forcePathStyle = client.endpoint !== undefined;
    return { sdk, client: new sdk.S3Client({ ...client, forcePathStyle, maxAttempts: 2 }) };
  });

  return {
    putRecords: async (records, timeoutMs) => {
      const { sdk, client: sender } = await firehose();
      const command = new sdk.PutRecordBatchCommand({
        DeliveryStreamName: streamName,
        Records: records.map((Data) => ({ Data })),
      });
      const reply = await sender.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      const refused = refusedOf(reply.RequestResponses ?? []);
      if (refused.length !== (reply.FailedPutCount ?? 0))
        throw new Error('Firehose named not all refused records');
      return refused;
    },
    putObject: async (key, body, timeoutMs) => {
      const { sdk, client: sender } = await s3();
      const command = new sdk.PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        Body: body,
        ContentType: 'application/x-ndjson',
      });
      await sender.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
    },
    prepare: () =>
      void firehose()
        .then(({ client: sender }) => credentialsOf(sender))
        .catch(() => undefined),
    close: async () => {
      for (const loaded of [firehose.loaded(), s3.loaded()]) (await loaded)?.client.destroy();
    },
  };
}

function refusedOf(entries: readonly PutRecordBatchResponseEntry[]): readonly RefusedRecord[] {
  return entries.flatMap(({ ErrorCode }, index) =>
    ErrorCode === undefined ? [] : [{ index, code: ErrorCode }],
  );
}

/** What goes wrong here goes wrong again with the first event, and is told there. */
async function credentialsOf(client: FirehoseClient | S3Client): Promise<void> {
  await client.config.credentials();
}

/** Loads at the first call, and again after a failure. */
interface Once<T> {
  (): Promise<T>;
  loaded(): Promise<T> | undefined;
}

function once<T>(load: () => Promise<T>): Once<T> {
  let promise: Promise<T> | undefined;
  const start = (): Promise<T> => {
    promise = load();
    promise.catch(() => (promise = undefined));
    return promise;
  };
  return Object.assign(() => promise ?? start(), { loaded: () => promise });
}
