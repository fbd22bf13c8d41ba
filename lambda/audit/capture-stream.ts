/** Captures through a delivery stream of their own: Firehose gathers many small ones into few objects. */
import { setTimeout as wait } from 'node:timers/promises';
import { captureQueue, type CaptureQueueOptions, type CaptureSink } from './capture-sink.ts';
import type { Delivery } from './delivery.ts';

export interface CaptureStreamOptions extends Pick<CaptureQueueOptions, 'log' | 'onFailure'> {
  readonly delivery: Pick<Delivery, 'putRecords'>;
  /** Default: two tries, a second and two long. Nobody waits for them but the end of the invocation. */
  readonly tries?: readonly { readonly pauseMs: number; readonly timeoutMs: number }[];
}

/** PutRecordBatch takes 4 MiB; a capture has less than 1,000 KiB. */
const MOST_LINES = 4;

const TRIES = [
  { pauseMs: 0, timeoutMs: 1000 },
  { pauseMs: 50, timeoutMs: 2000 },
];

/** Loads nothing before the first capture. */
export function openCaptureStream({
  delivery,
  tries = TRIES,
  ...options
}: CaptureStreamOptions): CaptureSink {
  return captureQueue({
    ...options,
    store: async (lines) => {
      let left = lines.map(({ text }) => Buffer.from(`${text}\n`));
      let failure: Error | undefined;
      for (const { pauseMs, timeoutMs } of tries) {
        if (pauseMs > 0) await wait(pauseMs);
        const sent = left;
        try {
          const refused = await delivery.putRecords(sent, timeoutMs);
          left = refused.flatMap(({ index }) => sent[index] ?? []);
          if (refused[0] !== undefined) failure = new RecordsRefused(refused[0].code);
        } catch (error) {
          failure = error instanceof Error ? error : new Error('unknown');
        }
        if (left.length === 0) return;
      }
      throw failure ?? new Error('no try was made');
    },
    most: MOST_LINES,
  });
}

/** Firehose answered, and took some records only. */
class RecordsRefused extends Error {
  override readonly name = 'RecordsRefused';
  readonly code: string;
  constructor(code: string) {
    super(`Firehose refused records: ${code}`);
    this.code = code;
  }
}
