/** Takes checkpoints of a folder by itself: soon after each midnight (UTC), and once more at the end. */
import type { Signer } from './signature.ts';
import type { AuditLog } from './sink.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

/** Of which folder, when, and by whom. */
export interface KeptCheckpointsOptions {
  readonly dir: string;
  readonly signer: () => Promise<Signer>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: AuditLog;
  /** See Checkpoint. */
  readonly digestKey: string | null;
  /** Calls once after a time, unless the function that it gives back is called. Default: keeps no process alive. */
  readonly after?: (delayMs: number, run: () => void) => () => void;
}

const DAY_MS = 86_400_000;
/** Writes that began before midnight are in their files by then. */
const GRACE_MS = 60_000;

/** Gives back how to end: with a last checkpoint. */
export function keepCheckpoints(options: KeptCheckpointsOptions): () => Promise<void> {
  const after = options.after ?? quietTimer;
  let cancel = (): void => undefined;
  const schedule = (): void => {
    cancel = after(untilNext(options.now()), () => {
      void take(options);
      schedule();
    });
  };
  schedule();
  return async () => {
    cancel();
    await take(options);
  };
}

/** Never rejects: evidence is safe without it, only less can be proven. */
async function take({ dir, signer, now, log, digestKey }: KeptCheckpointsOptions): Promise<void> {
  try {
    const written = await writeCheckpoint({ dir, signer, now: now(), digestKey });
    if (written !== undefined) {
      log('info', 'checkpoint written', { path: written.path, chains: written.heads });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('warn', 'no checkpoint could be written', { dir, reason });
  }
}

function untilNext(now: number): number {
  const past = (now - GRACE_MS) % DAY_MS;
  return Math.max(1000, DAY_MS - past);
}

function quietTimer(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
