/** Finds start records whose decision never came. */
import type { Arrival } from './chain-book.ts';
import type { Notice, Place } from './verification.ts';

/** The starts that wait at one time. */
const LIMIT = 100_000;

/** In a chain the decision follows its start; where delivery mixes the order, a second reading finds it. */
export class OpenStarts {
  readonly #open = new Map<string, Place>();

  get size(): number {
    return this.#open.size;
  }

  see({ decisionId, eventId, place }: Arrival): void {
    if (decisionId === undefined) this.#open.delete(eventId);
    else if (this.#open.size < LIMIT) this.#open.set(decisionId, place);
  }

  /** Called for each record of a second reading. */
  end(eventId: string): void {
    this.#open.delete(eventId);
  }

  unfinished(): readonly Notice[] {
    return [...this.#open].map(([decisionId, place]) => ({
      kind: 'unfinished',
      ...place,
      message: `decision ${decisionId} never came: the process was ended by force, or its end is missing`,
    }));
  }
}
