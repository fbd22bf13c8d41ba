/** Delivery by the AWS SDK. Each client is loaded when it is first needed: no cold start waits for them. */
import type { AwsClientSettings, Delivery } from './delivery.ts';

/** Where records go, and how the SDK gets there. */
export interface AwsDeliveryOptions {
  readonly streamName: string;
  readonly bucketName: string;
  /** Default: what the SDK finds in its environment. */
  readonly client?: AwsClientSettings;
}

/** Loads nothing before it is needed. */
export function awsDelivery({ streamName, bucketName, client = {} }: AwsDeliveryOptions): Delivery {
  // Modules of this project, not the SDK's own: of those the bundler could leave nothing out.
  const firehose = once(async () => (await import('./firehose-client.ts')).firehosePuts(streamName, client));
  const s3 = once(async () => (await import('./s3-client.ts')).s3Puts(bucketName, client));
  return {
    putRecords: async (records, timeoutMs) => (await firehose()).put(records, timeoutMs),
    putObject: async (key, body, timeoutMs) => (await s3()).put(key, body, timeoutMs),
    prepare: () =>
      void firehose()
        .then((puts) => puts.credentials())
        // What goes wrong here goes wrong again with the first event, and is told there.
        .catch(() => undefined),
    close: async () => {
      for (const loaded of [firehose.loaded(), s3.loaded()]) (await loaded)?.destroy();
    },
  };
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
