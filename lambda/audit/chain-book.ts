/** Follows every writer's chain through a folder of evidence: what each event means for the one before it. */
import type { ChainLink } from './decision-event.ts';
import { emptyChain, follows, type ChainHead } from './hash-chain.ts';

/** What one event means for its chain. */
export type ChainStep =
  | { readonly kind: 'next' }
  /** The event before, once more: delivery happens at least once. */
  | { readonly kind: 'duplicate' }
  /** An earlier place again: a duplicate, a reordering or a forgery, which only its other copies can tell. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  /** The place is right, but what came before it is another event than the one it names. */
  | { readonly kind: 'unlinked' };

/** Holds the heads of all chains: memory grows with the writers, not with the events. */
export class ChainBook {
  readonly #heads = new Map<string, ChainHead>();
  readonly #marks: ReadonlySet<string>;

  /** @param marks Where chains may begin because retention removed what was before. */
  constructor(marks: readonly ChainHead[] = []) {
    this.#marks = new Set(marks.map(markKey));
  }

  get writers(): number {
    return this.#heads.size;
  }

  /** The chain goes on with this event, whatever was wrong before it. */
  step(link: ChainLink): ChainStep {
    const head = this.#heads.get(link.writer_id) ?? this.#beginning(link);
    if (link.seq === head.seq && link.hash === head.hash) return { kind: 'duplicate' };
    if (link.seq <= head.seq) return { kind: 'repeat' };
    this.#heads.set(link.writer_id, { writerId: link.writer_id, seq: link.seq, hash: link.hash });
    if (link.seq > head.seq + 1) return { kind: 'missing', from: head.seq + 1, to: link.seq - 1 };
    return follows(link, head) ? { kind: 'next' } : { kind: 'unlinked' };
  }

  /** Takes an event that was altered for what it says it is, so that its neighbours are not blamed. */
  accept(link: ChainLink): void {
    const head = this.#heads.get(link.writer_id) ?? this.#beginning(link);
    if (link.seq === head.seq + 1) this.step(link);
  }

  #beginning({ writer_id: writerId, seq, prev_hash: hash }: ChainLink): ChainHead {
    const mark = { writerId, seq: seq - 1, hash };
    return this.#marks.has(markKey(mark)) ? mark : emptyChain(writerId);
  }
}

function markKey({ writerId, seq, hash }: ChainHead): string {
  return `${writerId} ${seq} ${hash}`;
}
