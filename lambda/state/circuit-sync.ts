/** Keeps local circuits and the shared table in step: tells what changed here, takes over what changed elsewhere. */
import type { CircuitView } from '../routing/availability.ts';
import { UNKNOWN_CIRCUIT } from '../routing/availability.ts';
import type { CircuitTable, TableSnapshot } from './circuit-table.ts';
import type { LocalCircuits, Transition } from './local-circuits.ts';

/**
 * Reads are eventually consistent: for so long after we saw an epoch, an older one (or none) is an old copy.
 * After that it is the truth, e.g. because somebody cleared the table.
 */
const OLD_COPIES_MS = 10_000;

/** Tries to write against others who write at the same time; who loses so often lives with what they wrote. */
const MOST_TRIES = 4;

export interface CircuitSync {
  /** Writes a step that was just taken locally; where others were first, takes it again from where they are. */
  push(targetId: string, transition: Transition): Promise<void>;
  /** Takes over a snapshot, then takes again the steps that could not be written when they were taken. */
  adopt(targetIds: readonly string[], snapshot: TableSnapshot): Promise<void>;
}

export interface CircuitSyncOptions {
  readonly local: LocalCircuits;
  readonly table: Pick<CircuitTable, 'writeCircuit'>;
  readonly now: () => number;
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  /** A step older than that is not worth being written late. */
  readonly unwrittenForMs: number;
}

/** A sync that has seen nothing of the table yet. */
export function createCircuitSync({
  local,
  table,
  now,
  elapsed,
  unwrittenForMs,
}: CircuitSyncOptions): CircuitSync {
  const seen = new Map<string, { readonly epoch: number; readonly at: number }>();
  const writing = new Map<string, Promise<void>>();
  const unwritten = new Map<string, { readonly transition: Transition; readonly at: number }>();

  const remember = (targetId: string, epoch: number): void =>
    void seen.set(targetId, { epoch, at: elapsed() });

  const write = async (targetId: string, transition: Transition): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { circuit } = local.view(targetId);
      const expected = seen.get(targetId)?.epoch ?? 0;
      // An earlier write in the queue may have told this step too.
      if (circuit.epoch <= expected) return;
      const result = await table.writeCircuit(targetId, circuit, expected, now());
      if (result.kind === 'written') return remember(targetId, circuit.epoch);
      const { current } = result;
      remember(targetId, current.circuit.epoch);
      merge(local, targetId, current);
      if (!local.transit(targetId, transition)) return;
    }
  };

  /** One write of a target at a time, or they would conflict with each other. */
  const push = (targetId: string, transition: Transition): Promise<void> => {
    const before = writing.get(targetId) ?? Promise.resolve();
    const mine = before
      .catch(() => undefined)
      .then(() => write(targetId, transition))
      .then(
        () => void unwritten.delete(targetId),
        (error: unknown) => {
          unwritten.set(targetId, { transition, at: elapsed() });
          throw error;
        },
      )
      .finally(() => {
        if (writing.get(targetId) === mine) writing.delete(targetId);
      });
    writing.set(targetId, mine);
    return mine;
  };

  const adoptOne = async (targetId: string, view: CircuitView): Promise<void> => {
    const known = seen.get(targetId);
    const isOldCopy =
      known !== undefined && view.circuit.epoch < known.epoch && elapsed() - known.at < OLD_COPIES_MS;
    if (writing.has(targetId) || isOldCopy) {
      merge(local, targetId, { ...view, circuit: local.view(targetId).circuit });
      return;
    }
    remember(targetId, view.circuit.epoch);
    merge(local, targetId, view);
    const late = unwritten.get(targetId);
    unwritten.delete(targetId);
    if (late === undefined || elapsed() - late.at > unwrittenForMs) return;
    if (local.transit(targetId, late.transition)) await push(targetId, late.transition);
  };

  return {
    push,
    adopt: async (targetIds, { views, unread }) => {
      const read = targetIds.filter((id) => !unread.has(id));
      await Promise.all(read.map((id) => adoptOne(id, views.get(id) ?? UNKNOWN_CIRCUIT)));
    },
  };
}

/** The given circuit, and the later of each rest and health. */
function merge(local: LocalCircuits, targetId: string, { circuit, cooldown, health }: CircuitView): void {
  const mine = local.view(targetId);
  const isLaterRest = cooldown !== undefined && cooldown.until > (mine.cooldown?.until ?? 0);
  const isLaterHealth = health !== undefined && health.lastProbeAt > (mine.health?.lastProbeAt ?? 0);
  local.change(targetId, {
    circuit,
    ...(isLaterRest && { cooldown }),
    ...(isLaterHealth && { health }),
  });
}
