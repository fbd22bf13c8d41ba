/** Time that passes only when everything that was to happen before has happened; milliseconds are whole. */

export interface VirtualTime {
  readonly now: () => number;
  readonly at: (instant: number, callback: () => void) => { cancel(): void };
  readonly delay: (milliseconds: number) => Promise<void>;
  /** Lets time pass until the instant; resolves when all that happens before has happened. */
  readonly runUntil: (instant: number) => Promise<void>;
}

/** @param start The first instant. */
export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  const agenda = new Map<number, Set<() => void>>();
  const instants = createHeap();

  const at: VirtualTime['at'] = (instant, callback) => {
    const when = Math.max(now + 1, Math.round(instant));
    const known = agenda.get(when);
    const entries = known ?? new Set();
    if (known === undefined) {
      agenda.set(when, entries);
      instants.push(when);
    }
    // One callback may be entered twice; what is wrapped is distinct.
    const entry = (): void => callback();
    entries.add(entry);
    return { cancel: () => void entries.delete(entry) };
  };

  return {
    now: () => now,
    at,
    delay: (milliseconds) => new Promise((resolve) => void at(now + milliseconds, resolve)),
    runUntil: async (end) => {
      for (let next = instants.peek(); next !== undefined && next <= end; next = instants.peek()) {
        instants.pop();
        now = next;
        for (const callback of agenda.get(next) ?? []) callback();
        agenda.delete(next);
        // Every promise that the callbacks resolved has run when the next turn of the event loop begins.
        await new Promise((resolve) => void setImmediate(resolve));
      }
      now = end;
    },
  };
}

interface Heap {
  readonly push: (value: number) => void;
  readonly peek: () => number | undefined;
  readonly pop: () => void;
}

/** A binary heap, smallest first. */
function createHeap(): Heap {
  const values: number[] = [];
  const value = (index: number): number => values[index] ?? Infinity;
  const swap = (a: number, b: number): void => {
    [values[a], values[b]] = [value(b), value(a)];
  };
  return {
    peek: () => values[0],
    push: (added) => {
      values.push(added);
      for (let index = values.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (value(parent) <= value(index)) return;
        swap(parent, index);
        index = parent;
      }
    },
    pop: () => {
      const last = values.pop();
      if (last === undefined || values.length === 0) return;
      values[0] = last;
      for (let index = 0; ;) {
        const left = 2 * index + 1;
        const smaller = value(left + 1) < value(left) ? left + 1 : left;
        if (value(index) <= value(smaller)) return;
        swap(index, smaller);
        index = smaller;
      }
    },
  };
}
