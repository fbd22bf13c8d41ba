/** Evidence through Firehose, and past it into the bucket when it fails: accepted by one of them before it counts. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery } from './delivery.ts';
import { lastCopy } from './fallback-line.ts';
import { linkFitting } from './fit-event.ts';
import { groupCommit } from './group-commit.ts';
import { emptyChain, type Chainable } from './hash-chain.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import { AuditUnavailable, type AuditLog, type AuditSink } from './sink.ts';

/** How events leave the function. */
export interface FirehoseSinkOptions {
  readonly delivery: Delivery;
  /** Of this environment alone; a part of object keys. */
  readonly writerId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: AuditLog;
  /** Of object keys, where Firehose delivers too; default `audit/`. */
  readonly prefix?: string;
  /** Default: three tries within 400 ms. */
  readonly tries?: readonly Try[];
}

/** One call of Firehose: how long to wait before it, and for it. */
export interface Try {
  readonly pauseMs: number;
  readonly timeoutMs: number;
}

interface LinkedRecord {
  readonly event: Chainable;
  readonly line: string;
  readonly bytes: Uint8Array;
}

/** PutRecordBatch takes 500 records and 4 MiB. */
const BATCH_RECORDS = 500;
const BATCH_BYTES = 4 * 1024 * 1024 - 65_536;

/** Three tries within 400 ms, pauses included: the caller waits for the end of the answer meanwhile. */
const TRIES: readonly Try[] = [
  { pauseMs: 0, timeoutMs: 180 },
  { pauseMs: 20, timeoutMs: 100 },
  { pauseMs: 30, timeoutMs: 70 },
];
const OBJECT_TIMEOUT_MS = 2000;

/** Opens a chain of its own; nothing is loaded or sent before the first event, or `prepare`. */
export function openFirehoseSink(options: FirehoseSinkOptions): AuditSink {
  let head = emptyChain(options.writerId);
  // The chain goes on whatever becomes of a record: whether a lost answer meant acceptance can't be known, and one
  // place in the chain must never have two events. What is lost is in the log, with its place.
  const commit = groupCommit<Chainable>(async (events) => {
    const records = events.map((event) => {
      const linked = linkFitting(event, head);
      head = linked.head;
      return { event, line: linked.line, bytes: Buffer.from(`${linked.line}\n`) };
    });
    return deliver(records, options);
  }, BATCH_RECORDS);
  let isClosed = false;
  return {
    append: (event) =>
      isClosed ? Promise.reject(new AuditUnavailable('the audit sink is closed')) : commit.append(event),
    appendStart: (event) => {
      // What goes wrong is in the log by then, with the record itself.
      if (!isClosed) commit.append(event).catch(() => undefined);
    },
    prepare: () => options.delivery.prepare(),
    close: async () => {
      isClosed = true;
      await commit.idle();
      await options.delivery.close();
    },
  };
}

async function deliver(
  records: readonly LinkedRecord[],
  options: FirehoseSinkOptions,
): Promise<ReadonlyMap<Chainable, Error>> {
  const failures = new Map<Chainable, Error>();
  for (const batch of bySize(records)) {
    const { left, reason } = await putRecords(batch, options);
    if (left.length === 0) continue;
    options.log('warn', 'Firehose did not take all events', { refused: left.length, reason });
    const failure = await putObject(left, options);
    if (failure === undefined) continue;
    for (const { event, line } of left) {
      lastCopy(options.log, event, failure.message, line);
      failures.set(event, failure);
    }
  }
  return failures;
}

/** Sends what was refused again, and only that. */
async function putRecords(
  records: readonly LinkedRecord[],
  { delivery, tries = TRIES }: FirehoseSinkOptions,
): Promise<{ left: readonly LinkedRecord[]; reason: string }> {
  let left = records;
  let reason = '';
  for (const { pauseMs, timeoutMs } of tries) {
    if (pauseMs > 0) await wait(pauseMs);
    const sent = left;
    try {
      const refused = await delivery.putRecords(
        sent.map(({ bytes }) => bytes),
        timeoutMs,
      );
      reason = refused[0]?.code ?? '';
      left = refused.flatMap(({ index }) => sent[index] ?? []);
    } catch (error) {
      reason = reasonOf(error);
    }
    if (left.length === 0) break;
  }
  return { left, reason };
}

async function putObject(
  records: readonly LinkedRecord[],
  { delivery, writerId, now, prefix = 'audit/' }: FirehoseSinkOptions,
): Promise<AuditUnavailable | undefined> {
  const folder = folderOf(hourOf(now()));
  const key = `${prefix}${folder}/direct-${writerId}-${records[0]?.event.event_id ?? ''}.jsonl`;
  try {
    await delivery.putObject(key, Buffer.concat(records.map(({ bytes }) => bytes)), OBJECT_TIMEOUT_MS);
    return undefined;
  } catch (error) {
    return new AuditUnavailable(`neither Firehose nor S3 took the event: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function bySize(records: readonly LinkedRecord[]): readonly (readonly LinkedRecord[])[] {
  const batches: LinkedRecord[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const record of records) {
    if (size + record.bytes.length > BATCH_BYTES) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(record);
    size += record.bytes.length;
  }
  return batches;
}

/** The name alone: messages of AWS name accounts, roles and hosts. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
