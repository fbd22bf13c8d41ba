/** Seals one object of evidence: locks it for as long as its own events want to be kept, and never for less. */
import { longestRetention } from './longest-retention.ts';
import type { LockMode, ObjectLock, ObjectLocks, ObjectVersion } from './object-locks.ts';

export interface SealSettings {
  /** Of objects that have no lock yet; one that has keeps its mode. */
  readonly mode: LockMode;
  /** For objects that don't say how long they want to be kept. */
  readonly retentionDays: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Sealing {
  /** `kept`: it was locked for long enough already. `over`: its time is over, and nothing can be locked any more. */
  readonly outcome: 'sealed' | 'extended' | 'kept' | 'over';
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Lines that could not be understood; the object is sealed all the same, they may be what somebody wants to hide. */
  readonly unreadable: number;
}

const DAY_MS = 86_400_000;

/** Counts from the time at which the object was stored, by the store's clock; a second call changes nothing. */
export async function sealObject(
  locks: ObjectLocks,
  object: ObjectVersion,
  settings: SealSettings,
): Promise<Sealing> {
  const [{ body, storedAt }, present] = await Promise.all([locks.read(object), locks.lockOf(object)]);
  const { days = settings.retentionDays, unreadable } = await longestRetention(
    body,
    object.key.endsWith('.gz'),
  );
  const until = storedAt + days * DAY_MS;
  const outcome = outcomeOf(until, present, settings.now());
  if (outcome === 'sealed' || outcome === 'extended') {
    await locks.lock(object, { mode: present?.mode ?? settings.mode, until });
  }
  return { outcome, until: outcome === 'kept' ? (present?.until ?? until) : until, unreadable };
}

function outcomeOf(until: number, present: ObjectLock | undefined, now: number): Sealing['outcome'] {
  if (present !== undefined && present.until >= until) return 'kept';
  if (until <= now) return 'over';
  return present === undefined ? 'sealed' : 'extended';
}
