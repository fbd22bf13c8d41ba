/** Compares chains with what checkpoints saw of them. */
import type { Arrival } from './chain-book.ts';
import type { SignedCheckpoint, VouchedHead } from './checkpoint.ts';
import type { Expiry } from './expiry.ts';
import type { ChainHead } from './hash-chain.ts';
import type { Fault } from './verification.ts';

/** A head, and the checkpoint that vouches for it. */
interface Voucher extends VouchedHead {
  readonly checkpoint: string;
}

/** Holds what is not yet seen: one entry for each head of each checkpoint. */
export class Vouchers {
  readonly #unseen = new Map<string, Map<number, Voucher>>();
  readonly #last = new Map<string, number>();
  readonly #inserted = new Set<string>();
  #completeBefore = '';

  /** Later checkpoints come later. */
  add(path: string, { heads, complete_before: before }: SignedCheckpoint): void {
    for (const head of heads) {
      const ofWriter = this.#unseen.get(head.writer_id) ?? new Map<number, Voucher>();
      this.#unseen.set(head.writer_id, ofWriter.set(head.seq, { ...head, checkpoint: path }));
      this.#last.set(head.writer_id, Math.max(this.#last.get(head.writer_id) ?? 0, head.seq));
    }
    if (before > this.#completeBefore) this.#completeBefore = before;
  }

  /** To be called once for each place of each chain. */
  see({ link, place, isEnded }: Arrival): Fault | undefined {
    const { writer_id: writer, seq } = link;
    const ofWriter = this.#unseen.get(writer);
    const voucher = ofWriter?.get(seq);
    if (voucher !== undefined) {
      ofWriter?.delete(seq);
      if (voucher.hash === link.hash) {
        const message = `${voucher.checkpoint} saw the end of this line, which is gone`;
        return isEnded ? undefined : { kind: 'altered', ...place, message };
      }
      const message = `${voucher.checkpoint} vouches for another event ${seq} of writer ${writer}`;
      return { kind: 'rewritten', ...place, message };
    }
    const isUnknown = seq > (this.#last.get(writer) ?? 0) && place.file < this.#completeBefore;
    // Before a line has its end it is not stored, and no checkpoint sees it.
    if (!isUnknown || !isEnded || this.#inserted.has(writer)) return undefined;
    this.#inserted.add(writer);
    const message = `event ${seq} of writer ${writer} was not there when a later checkpoint was made: it was added behind the gateway, or by a gateway whose clock was behind`;
    return { kind: 'inserted', ...place, message };
  }

  /**
   * What is gone: for each writer the furthest place that was vouched for and not seen.
   * @param lastOf The last place that was seen of a chain. @param marks What retention removed from a folder.
   * @param expiry What a bucket's lifecycle removed.
   */
  missing(lastOf: (writer: string) => number, marks: readonly ChainHead[], expiry: Expiry): readonly Fault[] {
    const removed = new Map<string, number>();
    for (const { writerId, seq } of marks) removed.set(writerId, Math.max(removed.get(writerId) ?? 0, seq));
    const faults: Fault[] = [];
    for (const [writer, vouchers] of this.#unseen) {
      const last = Math.max(lastOf(writer), removed.get(writer) ?? 0);
      const furthest = [...vouchers.values()].reduce<Voucher | undefined>(
        (most, voucher) => (voucher.seq > (most?.seq ?? last) ? voucher : most),
        undefined,
      );
      if (furthest === undefined || expiry.excuses(writer, furthest.seq)) continue;
      const { file, seq, checkpoint } = furthest;
      const what =
        last === 0
          ? `the whole chain of writer ${writer}, ${seq} long, is gone`
          : `the chain of writer ${writer} ends with event ${last}, ${seq - last} before its end`;
      const message = `${what}: ${checkpoint} saw it there`;
      faults.push({ kind: 'removed', file, line: null, event_id: null, message });
    }
    return faults;
  }
}
