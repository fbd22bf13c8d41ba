/** The one call of Firehose that evidence needs; a module of its own, so that it is loaded when first needed. */
import {
  FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchResponseEntry,
} from '@aws-sdk/client-firehose';
import type { AwsClientSettings, RefusedRecord } from './delivery.ts';

export interface FirehosePuts {
  /** Gives back the records that were refused. */
  put(records: readonly Uint8Array[], timeoutMs: number): Promise<readonly RefusedRecord[]>;
  /** Resolves once there are credentials to sign with. */
  credentials(): Promise<void>;
  destroy(): void;
}

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export function firehosePuts(streamName: string, settings: AwsClientSettings): FirehosePuts {
  const client = new FirehoseClient({ ...settings, maxAttempts: 1 });
  return {
    put: async (records, timeoutMs) => {
      const command = new PutRecordBatchCommand({
        DeliveryStreamName: streamName,
        Records: records.map((Data) => ({ Data })),
      });
      const reply = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      const refused = refusedOf(reply.RequestResponses ?? []);
      if (refused.length !== (reply.FailedPutCount ?? 0))
        throw new Error('Firehose named not all refused records');
      return refused;
    },
    credentials: async () => void (await client.config.credentials()),
    destroy: () => client.destroy(),
  };
}

function refusedOf(entries: readonly PutRecordBatchResponseEntry[]): readonly RefusedRecord[] {
  return entries.flatMap(({ ErrorCode }, index) =>
    ErrorCode === undefined ? [] : [{ index, code: ErrorCode }],
  );
}
