/** Parts work that takes long into turns, between which the process does what else there is to do. */

/** UTF-16 units between two looks at the clock: what is hard to judge takes some 10 ms for as many, prose 0.5. */
export const BLOCK_UNITS = 8 * 1024;

/** Milliseconds: long enough that parting costs nothing, short enough that nobody who waits for it notices. */
const LONGEST_TURN_MS = 10;

export class Turns {
  private readonly elapsed: () => number;
  private since: number;

  /** The first turn begins. @param elapsed Milliseconds on a clock that never jumps. */
  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
    this.since = elapsed();
  }

  get isOver(): boolean {
    return this.elapsed() - this.since > LONGEST_TURN_MS;
  }

  /** Resolves when the next turn begins. */
  async next(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.since = this.elapsed();
  }
}
