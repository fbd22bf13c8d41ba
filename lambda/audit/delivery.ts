/** How records leave for AWS: one try each, so that the sink alone decides about repetition. */

/** A record that was not taken, by its place in what was sent, and why. */
export interface RefusedRecord {
  readonly index: number;
  readonly code: string;
}

/** The way to Firehose and to the bucket. */
export interface Delivery {
  /** Sends the records in one call and gives back those that were refused. Rejects when nothing is known of any. */
  putRecords(records: readonly Uint8Array[], timeoutMs: number): Promise<readonly RefusedRecord[]>;
  /** Resolves once the object is stored. */
  putObject(key: string, body: Uint8Array, timeoutMs: number): Promise<void>;
  /** Loads the client and its credentials, behind whatever runs. */
  prepare(): void;
  close(): Promise<void>;
}

/** How the clients of the AWS SDK get there; what is absent they find in their environment. */
export interface AwsClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
