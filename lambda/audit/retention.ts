/** Retention of a local folder: days that are too old go as a whole. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CAPTURES_FOLDER } from './capture.ts';
import { dayOfFolder, hourOf } from './lake-layout.ts';
import { markRemoval } from './retention-mark.ts';
import type { Signer } from './signature.ts';
import type { AuditLog } from './sink.ts';
import { isCode } from './system-error.ts';

/** Which folder, and how long its days are kept. */
export interface RetentionOptions {
  readonly dir: string;
  readonly retentionDays: number;
  /** Of the captures beside the events; default: as long as the events. */
  readonly captureRetentionDays?: number | undefined;
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

/** Removes the days of which everything is older than its retention, and logs which. Never rejects. */
export async function sweep(options: RetentionOptions): Promise<void> {
  const { dir, retentionDays, captureRetentionDays = retentionDays, now, signer } = options;
  await removeDays(options, { what: 'events', dir, days: retentionDays }, async (folder) =>
    markRemoval(dir, folder, now(), await signer?.()),
  );
  await removeDays(options, {
    what: 'captures',
    dir: join(dir, CAPTURES_FOLDER),
    days: captureRetentionDays,
  });
}

interface Swept {
  readonly what: 'events' | 'captures';
  readonly dir: string;
  readonly days: number;
}

async function removeDays(
  { now, log }: RetentionOptions,
  { what, dir, days }: Swept,
  before?: (folder: string) => Promise<void>,
): Promise<void> {
  try {
    const oldestKept = hourOf(now() - days * DAY_MS).day;
    const names = await readdir(dir).catch(noneWhereNoneWasMade(what));
    const folders = names.filter((name) => (dayOfFolder(name) ?? oldestKept) < oldestKept);
    for (const folder of folders.sort()) {
      await before?.(folder);
      await rm(join(dir, folder), { recursive: true, force: true });
      log('info', `${what} past their retention are removed`, { folder, retention_days: days });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('warn', `${what} past their retention could not be removed`, { dir, reason });
  }
}

/** The folder of captures is made with the first one. */
function noneWhereNoneWasMade(what: Swept['what']): (error: unknown) => readonly string[] {
  return (error) => {
    if (what === 'captures' && isCode(error, 'ENOENT')) return [];
    throw error;
  };
}

function quietTimer(run: () => void, everyMs: number): () => void {
  const timer = setInterval(run, everyMs).unref();
  return () => clearInterval(timer);
}
