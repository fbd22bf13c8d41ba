/** The places of what was redacted, as many as an event can hold. */
import type { Redaction } from '../audit/decision-event.ts';

/** A reply without end can hold findings without end; beyond this their number alone is kept. */
export const MOST_PLACES = 10_000;

export class RedactionList {
  readonly kept: Redaction[] = [];
  private total = 0;

  /** How many there were. */
  get count(): number {
    return this.total;
  }

  /** @param continues true when the place before goes on here, where it stands right before it. */
  add(place: Redaction, continues = false): void {
    const isFull = this.total > this.kept.length;
    const before = this.kept.at(-1);
    if (continues && isFull) return;
    if (continues && before?.lane === place.lane && before.end === place.start) {
      this.kept[this.kept.length - 1] = { ...before, end: place.end };
      return;
    }
    this.total += 1;
    if (this.kept.length < MOST_PLACES) this.kept.push(place);
  }

  addAll({ kept, count }: RedactionList): void {
    for (const place of kept) this.add(place);
    this.total += count - kept.length;
  }
}
