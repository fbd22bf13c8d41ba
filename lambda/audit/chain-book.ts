/** Follows every writer's chain through evidence: what each record means for the one before it. */
import type { ChainLink } from './decision-event.ts';
import { emptyChain, follows, type ChainHead, type CheckedLine } from './hash-chain.ts';
import type { Place } from './verification.ts';

/** A record whose hash is right, and where it stood. */
export interface Arrival extends CheckedLine {
  readonly place: Place;
  /** False for a last line without its end. */
  readonly isEnded: boolean;
}

/** What one record means for its chain. */
export type ChainStep =
  | { readonly kind: 'next' }
  /** The record before, once more: delivery happens at least once. */
  | { readonly kind: 'duplicate' }
  /** An earlier place again: a duplicate, a reordering or a forgery, which only its other copies can tell. */
  | { readonly kind: 'repeat' }
  /** It waits for those before it, which delivery may bring later. */
  | { readonly kind: 'early' }
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  /** The place is right, but what came before it is another record than the one it names. */
  | { readonly kind: 'unlinked' };

/** The records that wait at one time, of all writers together: some 100 MB. */
const WAITING_LIMIT = 200_000;

/** Holds the heads of all chains and what came early: memory grows with the writers, not with the records. */
export class ChainBook {
  readonly #heads = new Map<string, ChainHead>();
  readonly #marks: ReadonlySet<string>;
  readonly #waiting = new Map<string, Map<number, Arrival>>();
  #waitingCount = 0;

  /** @param marks Where chains may begin because retention removed what was before. */
  constructor(marks: readonly ChainHead[] = []) {
    this.#marks = new Set(marks.map(markKey));
  }

  get writers(): number {
    return this.#heads.size;
  }

  /** By writer. */
  get heads(): readonly ChainHead[] {
    return [...this.#heads.values()].toSorted((a, b) => (a.writerId < b.writerId ? -1 : 1));
  }

  /** The last place that was seen of a chain; 0 for none. */
  lastOf(writerId: string): number {
    return this.#heads.get(writerId)?.seq ?? 0;
  }

  /**
   * The chain goes on with this record, whatever was wrong before it.
   * @param isOrdered The file holds one chain in its order; else records may come before those that precede them.
   */
  step(arrival: Arrival, isOrdered: boolean): ChainStep {
    const { link } = arrival;
    const head = this.#heads.get(link.writer_id) ?? this.#beginning(link);
    if (link.seq === head.seq && link.hash === head.hash) return { kind: 'duplicate' };
    if (link.seq <= head.seq) return { kind: 'repeat' };
    if (link.seq > head.seq + 1 && !isOrdered) return this.#wait(arrival);
    return this.#advance(link, head);
  }

  /** What came early and follows now, in order; a step behind each. */
  *followers(writerId: string): Generator<readonly [Arrival, ChainStep]> {
    const waiting = this.#waiting.get(writerId);
    if (waiting === undefined) return;
    for (let next; (next = waiting.get(this.lastOf(writerId) + 1)) !== undefined;) {
      yield [next, this.#take(waiting, next)];
    }
    if (waiting.size === 0) this.#waiting.delete(writerId);
  }

  /** True when too much waits: what the given writer waits for is then taken as missing. */
  get isFull(): boolean {
    return this.#waitingCount >= WAITING_LIMIT;
  }

  /** Gives up waiting: whatever came early of the writer, in order. */
  *leftovers(writerId: string): Generator<readonly [Arrival, ChainStep]> {
    const waiting = this.#waiting.get(writerId);
    this.#waiting.delete(writerId);
    const arrivals = [...(waiting?.values() ?? [])].toSorted((a, b) => a.link.seq - b.link.seq);
    for (const arrival of arrivals) yield [arrival, this.#take(waiting, arrival)];
  }

  get waitingWriters(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Takes an event that was altered for what it says it is, so that its neighbours are not blamed. */
  accept(link: ChainLink): void {
    const head = this.#heads.get(link.writer_id) ?? this.#beginning(link);
    if (link.seq === head.seq + 1) this.#advance(link, head);
  }

  #wait(arrival: Arrival): ChainStep {
    const { writer_id: writerId, seq, hash } = arrival.link;
    const waiting = this.#waiting.get(writerId) ?? new Map<number, Arrival>();
    this.#waiting.set(writerId, waiting);
    const known = waiting.get(seq);
    if (known !== undefined) return { kind: known.link.hash === hash ? 'duplicate' : 'repeat' };
    waiting.set(seq, arrival);
    this.#waitingCount++;
    return { kind: 'early' };
  }

  #take(waiting: Map<number, Arrival> | undefined, { link }: Arrival): ChainStep {
    waiting?.delete(link.seq);
    this.#waitingCount--;
    const head = this.#heads.get(link.writer_id) ?? this.#beginning(link);
    return link.seq <= head.seq ? { kind: 'repeat' } : this.#advance(link, head);
  }

  #advance(link: ChainLink, head: ChainHead): ChainStep {
    this.#heads.set(link.writer_id, { writerId: link.writer_id, seq: link.seq, hash: link.hash });
    if (link.seq > head.seq + 1) return { kind: 'missing', from: head.seq + 1, to: link.seq - 1 };
    return follows(link, head) ? { kind: 'next' } : { kind: 'unlinked' };
  }

  #beginning({ writer_id: writerId, seq, prev_hash: hash }: ChainLink): ChainHead {
    const mark = { writerId, seq: seq - 1, hash };
    return this.#marks.has(markKey(mark)) ? mark : emptyChain(writerId);
  }
}

function markKey({ writerId, seq, hash }: ChainHead): string {
  return `${writerId} ${seq} ${hash}`;
}
