/** The time of day with fractions of a millisecond. */

/** What a clock is made from; by default Node's own. */
export interface ClockSources {
  /** Whole milliseconds since the epoch; jumps when the system's clock is set. */
  readonly coarse: () => number;
  /** Milliseconds with fractions since some instant; stands still while a machine sleeps. */
  readonly fine: () => number;
}

const NODE: ClockSources = { coarse: () => Date.now(), fine: () => performance.now() };

/** Makes a clock that takes its fractions from the fine source as long as both agree on the millisecond. */
export function createWallClock({ coarse, fine }: ClockSources = NODE): () => number {
  let origin = coarse() - fine();
  return () => {
    const rough = coarse();
    const exact = origin + fine();
    if (exact >= rough && exact < rough + 1) return exact;
    origin = rough - fine();
    return rough;
  };
}
