/** Group commit: what arrives while a write is under way is written together by the next one. */

/** Stores a batch, in order, and gives back what could not be stored and why. Rejects when none of it could. */
export type StoreBatch<T> = (batch: readonly T[]) => Promise<ReadonlyMap<T, Error>>;

/** A queue before a store that takes batches. */
export interface GroupCommit<T> {
  /** Resolves once the item is stored. */
  append(item: T): Promise<void>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * @param limit The most items of one batch.
 * @param gathering Waited for before the first batch. Default: it starts at once, and what comes meanwhile gathers.
 */
export function groupCommit<T>(
  store: StoreBatch<T>,
  limit: number,
  gathering?: () => Promise<void>,
): GroupCommit<T> {
  let queue: Waiting<T>[] = [];
  let running: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    if (gathering !== undefined) await gathering();
    while (queue.length > 0) {
      const batch = queue.slice(0, limit);
      queue = queue.slice(limit);
      await settle(batch, store);
    }
    running = undefined;
  };

  return {
    append: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= drain();
      }),
    idle: async () => running,
  };
}

async function settle<T>(batch: readonly Waiting<T>[], store: StoreBatch<T>): Promise<void> {
  try {
    const failures = await store(batch.map(({ item }) => item));
    for (const { item, resolve, reject } of batch) {
      const failure = failures.get(item);
      if (failure === undefined) resolve();
      else reject(failure);
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
