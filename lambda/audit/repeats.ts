/** Tells duplicates from reorderings and forgeries: compares every event of a repeated place with all others of it. */
import type { ChainLink } from './decision-event.ts';
import type { Place } from './verification.ts';

/** An event whose place had been there before, and what it turned out to be. */
export interface Repeat extends Place {
  readonly kind: 'duplicate' | 'reordered' | 'conflicting';
}

interface Kept {
  readonly places: Place[];
  readonly hash: string;
  copies: number;
  isConflicting: boolean;
}

/** Memory stays bounded: some 50 MB. */
const LIMIT = 100_000;

/** Filled by the first reading, decided by the second. */
export class Repeats {
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** False when there are too many to compare. */
  keep(link: ChainLink, place: Place): boolean {
    if (this.#count >= LIMIT) return false;
    this.#count++;
    const key = placeKey(link);
    const known = this.#kept.get(key);
    if (known === undefined) {
      this.#kept.set(key, { places: [place], hash: link.hash, copies: 0, isConflicting: false });
    } else {
      known.places.push(place);
      known.isConflicting ||= known.hash !== link.hash;
    }
    return true;
  }

  /** Called for each event of a second reading. */
  compare(link: ChainLink): void {
    const kept = this.#kept.get(placeKey(link));
    if (kept === undefined) return;
    kept.copies++;
    kept.isConflicting ||= kept.hash !== link.hash;
  }

  outcome(): readonly Repeat[] {
    return [...this.#kept.values()].flatMap(({ places, copies, isConflicting }) => {
      const alone = copies > places.length ? 'duplicate' : 'reordered';
      return places.map((place) => ({ ...place, kind: isConflicting ? ('conflicting' as const) : alone }));
    });
  }
}

function placeKey({ writer_id: writerId, seq }: ChainLink): string {
  return `${seq} ${writerId}`;
}
