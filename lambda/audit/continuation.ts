/** Where a verification can go on instead of beginning anew: behind the last checkpoint that a key signed. */
import type { Arrival } from './chain-book.ts';
import { readCheckpoint, type VouchedHead } from './checkpoint.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { ChainHead } from './hash-chain.ts';
import type { Fault } from './verification.ts';

/** What was verified before a checkpoint was signed. */
export interface Continuation {
  /** `dt=…/hr=…`: the hours before this one were complete, and are not read again. */
  readonly from: string;
  /** Where each chain ended. */
  readonly heads: readonly VouchedHead[];
}

/**
 * Undefined while the key has signed none. Checkpoints of other keys are passed over: whoever may write into the lake
 * could have made them, and a verification of the whole tells of them.
 * @param publicKey As signers name it.
 */
export async function readContinuation(
  source: EvidenceSource,
  publicKey: string,
): Promise<Continuation | undefined> {
  const heads = new Map<string, VouchedHead>();
  let from: string | undefined;
  for (const path of await source.checkpoints()) {
    const found = readCheckpoint((await source.text(path)) ?? '');
    if (found?.publicKey !== publicKey) continue;
    from = found.complete_before;
    for (const head of found.heads) heads.set(head.writer_id, head);
  }
  return from === undefined ? undefined : { from, heads: [...heads.values()] };
}

/** The heads of a continuation, for who meets records again that were verified before. */
export class KnownHeads {
  readonly #heads: ReadonlyMap<string, VouchedHead>;

  constructor(heads: readonly VouchedHead[] = []) {
    this.#heads = new Map(heads.map((head) => [head.writer_id, head]));
  }

  /** Where chains go on. */
  get marks(): readonly ChainHead[] {
    return [...this.#heads.values()].map(({ writer_id: writerId, seq, hash }) => ({ writerId, seq, hash }));
  }

  /** What a record is: known from before, new, or another one than stood at its place. */
  meet({ link, place }: Arrival): 'known' | 'new' | Fault {
    const { writer_id: writer, seq, hash } = link;
    const head = this.#heads.get(writer);
    if (head === undefined || seq > head.seq) return 'new';
    if (seq < head.seq || hash === head.hash) return 'known';
    const message = `the last checkpoint vouches for another event ${seq} of writer ${writer}`;
    return { kind: 'rewritten', ...place, message };
  }
}
