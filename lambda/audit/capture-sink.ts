/** Where captures go. They are no evidence: no answer waits for them, and none is withheld when they fail. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Capture } from './capture.ts';
import { groupCommit } from './group-commit.ts';
import type { AuditLog } from './sink.ts';

/** Keeps captures behind whatever runs. */
export interface CaptureSink {
  /**
   * Has the capture made, after the turn in which this is called, and stores it. Never rejects: what could not be
   * stored is told in the log by its event's id, and is gone.
   */
  keep(eventId: string, make: () => Capture | Promise<Capture>): Promise<CaptureOutcome>;
  /** Resolves when nothing waits to be stored. */
  settled(): Promise<void>;
}

export type CaptureOutcome = 'stored' | 'failed';

/** A capture on its way. */
export interface CaptureLine {
  readonly eventId: string;
  /** JSON, without a line end. */
  readonly text: string;
}

export interface CaptureQueueOptions {
  /** Stores all of them; rejects when it did not. */
  readonly store: (lines: readonly CaptureLine[]) => Promise<void>;
  /** Lines of one `store`. */
  readonly most: number;
  readonly log: AuditLog;
  /** Told of each capture that is not stored. */
  readonly onFailure?: () => void;
}

/** Requests whose texts wait in memory at one time: some 30 MB at most. */
const MOST_WAITING = 128;

/** A sink before a store that takes several captures at once. */
export function captureQueue({ store, most, log, onFailure }: CaptureQueueOptions): CaptureSink {
  const commit = groupCommit<CaptureLine>(async (lines) => {
    await store(lines);
    return new Map();
  }, most);
  const running = new Set<Promise<CaptureOutcome>>();

  const keepOne = async (
    eventId: string,
    make: () => Capture | Promise<Capture>,
  ): Promise<CaptureOutcome> => {
    try {
      // The answer goes out first: redacting its texts takes a while.
      await nextTurn();
      await commit.append({ eventId, text: JSON.stringify(await make()) });
      return 'stored';
    } catch (error) {
      return fail(eventId, reasonOf(error));
    }
  };
  const fail = (eventId: string, reason: string): CaptureOutcome => {
    log('warn', 'a capture could not be stored', { event_id: eventId, reason });
    onFailure?.();
    return 'failed';
  };
  return {
    keep: async (eventId, make) => {
      if (running.size >= MOST_WAITING) return fail(eventId, 'too many wait to be stored');
      const keeping = keepOne(eventId, make);
      running.add(keeping);
      return keeping.finally(() => running.delete(keeping));
    },
    settled: async () => void (await Promise.all(running)),
  };
}

/** A system's code, or the name alone: messages may say paths, hosts and more. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
