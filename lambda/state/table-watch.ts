/** Watches how a shared table answers, and says whether it may be relied upon just now. */

/** Slower than this is no help to a request: decisions are then made from local knowledge. */
export const SLOW_MS = 150;

export interface TableWatch {
  /** Passes the operation on and remembers how it went. Rejects as the operation does. */
  readonly watch: <T>(operation: () => Promise<T>) => Promise<T>;
  /** True when the last answer failed or was slow, or one is being waited for too long. */
  readonly isDegraded: () => boolean;
}

/**
 * @param elapsed Milliseconds on a clock that never jumps.
 * @param onChange Told when the answer of isDegraded turns, with the reason.
 */
export function createTableWatch(
  elapsed: () => number,
  onChange: (isDegraded: boolean, reason: string) => void,
): TableWatch {
  const waitingSince = new Set<{ readonly at: number }>();
  let trouble: string | undefined;

  const note = (reason: string | undefined): void => {
    const turned = (trouble === undefined) !== (reason === undefined);
    trouble = reason;
    if (turned) onChange(reason !== undefined, reason ?? 'answers in time again');
  };

  return {
    watch: async (operation) => {
      const started = { at: elapsed() };
      waitingSince.add(started);
      try {
        const result = await operation();
        note(elapsed() - started.at > SLOW_MS ? `took more than ${SLOW_MS} ms` : undefined);
        return result;
      } catch (error) {
        note(error instanceof Error ? error.name : 'failed');
        throw error;
      } finally {
        waitingSince.delete(started);
      }
    },
    isDegraded: () => {
      if (trouble !== undefined) return true;
      // Sets keep the order of insertion: the first one has waited longest.
      const [oldest] = waitingSince;
      return oldest !== undefined && elapsed() - oldest.at > SLOW_MS;
    },
  };
}
