/** Evidence in a local folder: one file for each writer and hour, every event on the disk before it counts. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ChainFileWriter } from './chain-file-writer.ts';
import type { DecisionEvent } from './decision-event.ts';
import { SAFE_SYNC, type createEvidenceFile, type SyncMode } from './evidence-file.ts';
import { lastCopy } from './fallback-line.ts';
import { groupCommit } from './group-commit.ts';
import { keepSwept, type Repeat } from './retention.ts';
import type { Signer } from './signature.ts';
import { AuditUnavailable, type AuditLog, type AuditSink } from './sink.ts';
import { tellTornEnds } from './torn-ends.ts';

/** Where and how events are kept in a folder. */
export interface FileSinkOptions {
  /** Made if it is not there. */
  readonly dir: string;
  /** Of this process alone; letters, digits, `.`, `_`, `-`. */
  readonly writerId: string;
  /** Day folders older than this are removed, at start and once a day. */
  readonly retentionDays: number;
  /** The same for the captures beside them; see RetentionOptions. */
  readonly captureRetentionDays?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: AuditLog;
  /** Signs the marks of removed days; see CheckpointOptions. Default: nobody signs. */
  readonly signer?: (() => Promise<Signer>) | undefined;
  /** Default true. False leaves it to the system when bytes reach the disk: for measurements only. */
  readonly sync?: boolean | SyncMode;
  /** Default: on the disk. */
  readonly createFile?: typeof createEvidenceFile;
  /** Default: a timer that keeps no process alive. */
  readonly repeat?: Repeat;
}

/** The most events of one write: some 10 MB. */
const BATCH_LIMIT = 4096;

const ALL_STORED: ReadonlyMap<DecisionEvent, Error> = new Map();

/** Opens the folder for writing; rejects with AuditUnavailable and the reason when that is not possible. */
export async function openFileSink(options: FileSinkOptions): Promise<AuditSink> {
  await checkFolder(options);
  await tellTornEnds(options.dir, options.log);
  const stopSweeping = await keepSwept(options);
  const sync = syncMode(options.sync);
  const writer = new ChainFileWriter({ ...options, sync });
  // A write that waits for no disk is over before anything could gather: what ends in one turn of the event loop does.
  const gathering = sync === 'none' ? () => setImmediate() : undefined;
  const commit = groupCommit(storing(writer, options), BATCH_LIMIT, gathering);
  let isClosed = false;
  return {
    append: (event) =>
      isClosed ? Promise.reject(new AuditUnavailable('the audit sink is closed')) : commit.append(event),
    close: async () => {
      isClosed = true;
      stopSweeping();
      await commit.idle();
      await writer.close();
    },
  };
}

/** Says once that the folder fails and once that it is back; each event that it did not take goes into the log. */
function storing(writer: ChainFileWriter, { dir, log }: FileSinkOptions) {
  let lost = 0;
  return async (events: readonly DecisionEvent[]): Promise<ReadonlyMap<DecisionEvent, Error>> => {
    try {
      await writer.store(events);
    } catch (error) {
      const failure = unavailable(dir, error);
      if (lost === 0) log('error', 'events can not be stored', { dir, reason: failure.message });
      lost += events.length;
      for (const event of events) lastCopy(log, event, failure.message);
      throw failure;
    }
    if (lost > 0) log('info', 'events are stored again', { dir, lost });
    lost = 0;
    return ALL_STORED;
  };
}

async function checkFolder({ dir, writerId }: FileSinkOptions): Promise<void> {
  if (!/^[\w.-]{1,128}$/.test(writerId)) {
    throw new AuditUnavailable(
      `writer id ${JSON.stringify(writerId)}: only letters, digits, ".", "_" and "-" can name a file`,
    );
  }
  const probe = join(dir, `.probe-${writerId}`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o750 });
    await writeFile(probe, 'shows that events can be stored here\n');
    await rm(probe);
  } catch (error) {
    throw unavailable(dir, error);
  }
}

function syncMode(sync: boolean | SyncMode = true): SyncMode {
  if (sync === true) return SAFE_SYNC;
  return sync === false ? 'none' : sync;
}

function unavailable(dir: string, error: unknown): AuditUnavailable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuditUnavailable(`audit folder ${dir}: ${reason}; make it writable, or name another one`, {
    cause: error,
  });
}
