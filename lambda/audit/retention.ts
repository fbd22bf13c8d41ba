/** Retention of a local folder: days that are too old go as a whole. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOfFolder, hourOf } from './lake-layout.ts';
import { markRemoval } from './retention-mark.ts';
import type { Signer } from './signature.ts';
import type { AuditLog } from './sink.ts';

/** Which folder, and how long its days are kept. */
export interface RetentionOptions {
  readonly dir: string;
  readonly retentionDays: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: AuditLog;
  /** Signs what was removed; asked for when something is. Default: nobody signs. */
  readonly signer?: (() => Promise<Signer>) | undefined;
  /** Default: a timer that keeps no process alive. */
  readonly repeat?: Repeat;
}

/** Calls again and again, until the function that it gives back is called. */
export type Repeat = (run: () => void, everyMs: number) => () => void;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Sweeps now and then every hour, so that a day is gone within an hour of its time. Gives back how to stop. */
export async function keepSwept(options: RetentionOptions): Promise<() => void> {
  await sweep(options);
  return (options.repeat ?? quietTimer)(() => void sweep(options), HOUR_MS);
}

/** Removes the days of which every event is older than the retention, and logs which. Never rejects. */
export async function sweep({ dir, retentionDays, now, log, signer }: RetentionOptions): Promise<void> {
  try {
    const oldestKept = hourOf(now() - retentionDays * DAY_MS).day;
    const folders = (await readdir(dir)).filter((name) => (dayOfFolder(name) ?? oldestKept) < oldestKept);
    for (const folder of folders.sort()) {
      await markRemoval(dir, folder, now(), await signer?.());
      await rm(join(dir, folder), { recursive: true, force: true });
      log('info', 'events past their retention are removed', { folder, retention_days: retentionDays });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('warn', 'events past their retention could not be removed', { dir, reason });
  }
}

function quietTimer(run: () => void, everyMs: number): () => void {
  const timer = setInterval(run, everyMs).unref();
  return () => clearInterval(timer);
}
