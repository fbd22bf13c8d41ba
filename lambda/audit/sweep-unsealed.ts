/** Looks through the last days of the lake for objects that nobody has sealed, and seals them. */
import { hourOf } from './lake-layout.ts';
import type { ListedVersion, ObjectLocks, ObjectVersion } from './object-locks.ts';
import { type Sealing, type SealSettings, sealObject } from './seal-object.ts';

export interface SweepOptions {
  readonly locks: ObjectLocks;
  readonly settings: SealSettings;
  /** Of the lake within the bucket, with a slash at its end. */
  readonly prefix: string;
  /** Today is the first of them. */
  readonly days: number;
  /** Told of each object that had no lock. */
  readonly onUnsealed: (object: ObjectVersion, result: Sealing | Error) => void;
}

export interface SweepResult {
  readonly looked: number;
  /** Had no lock, though there was time enough. */
  readonly unsealed: number;
  /** Of those, could not be sealed now either. */
  readonly failed: number;
}

const DAY_MS = 86_400_000;
/** Until then the event of the object's arrival may still be on its way, its repetitions included. */
const GRACE_MS = 15 * 60_000;
/** Objects looked at side by side. */
const WIDTH = 16;

/** One object that resists stops none of the others. */
export async function sweepUnsealed(options: SweepOptions): Promise<SweepResult> {
  const { locks, prefix, days, settings } = options;
  const totals = { looked: 0, unsealed: 0, failed: 0 };
  const now = settings.now();
  for (let back = 0; back < days; back += 1) {
    const { day } = hourOf(now - back * DAY_MS);
    const versions = locks.list(`${prefix}dt=${day}/`)[Symbol.asyncIterator]();
    const work = async (): Promise<void> => {
      for (let next = await versions.next(); next.done !== true; next = await versions.next()) {
        if (next.value.storedAt > now - GRACE_MS) continue;
        totals.looked += 1;
        const found = await sweepOne(next.value, options);
        if (found !== 'locked') totals.unsealed += 1;
        if (found === 'failed') totals.failed += 1;
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
  }
  return totals;
}

async function sweepOne(
  object: ListedVersion,
  { locks, settings, onUnsealed }: SweepOptions,
): Promise<'locked' | 'sealed' | 'failed'> {
  try {
    if ((await locks.lockOf(object)) !== undefined) return 'locked';
    const sealing = await sealObject(locks, object, settings);
    // Nothing was missed where the time to keep it is over.
    if (sealing.outcome === 'over' || sealing.outcome === 'kept') return 'locked';
    onUnsealed(object, sealing);
    return 'sealed';
  } catch (error) {
    onUnsealed(object, error instanceof Error ? error : new Error(String(error)));
    return 'failed';
  }
}
