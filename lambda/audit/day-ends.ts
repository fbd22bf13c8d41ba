/** Notes where each chain ended on each day of a lake, and how long its events are kept: what a checkpoint vouches for. */
import { isRecord } from '../config/canonical-json.ts';
import type { Arrival } from './chain-book.ts';
import type { VouchedHead } from './checkpoint.ts';
import { dayOfPath } from './lake-layout.ts';

/** Days are noted singly, because a bucket's lifecycle removes them singly: the last one alone proves nothing of them. */
export class DayEnds {
  readonly #byWriter = new Map<string, Map<string, VouchedHead>>();
  #youngest = '';
  #retentionDays: number | null = null;

  /** Of the youngest event that was seen, in days; null before one said so. */
  get retentionDays(): number | null {
    return this.#retentionDays;
  }

  see({ link: { writer_id, seq, hash }, place: { file } }: Arrival): void {
    const day = dayOfPath(file) ?? '';
    let days = this.#byWriter.get(writer_id);
    if (days === undefined) this.#byWriter.set(writer_id, (days = new Map<string, VouchedHead>()));
    if (seq > (days.get(day)?.seq ?? 0)) days.set(day, { writer_id, seq, hash, file });
  }

  /** @param record As stored, its hash found to be right. */
  seeRetention({ timestamp, audit }: Readonly<Record<string, unknown>>): void {
    if (typeof timestamp !== 'string' || timestamp <= this.#youngest || !isRecord(audit)) return;
    const days = audit['retention_days'];
    if (typeof days !== 'number') return;
    this.#youngest = timestamp;
    this.#retentionDays = days;
  }

  /** By writer, and of each in the order of its chain. */
  heads(): readonly VouchedHead[] {
    const writers = [...this.#byWriter].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return writers.flatMap(([, days]) => inOrder(days));
  }
}

/** By day; what was delivered days late ends no day. */
function inOrder(days: ReadonlyMap<string, VouchedHead>): readonly VouchedHead[] {
  const heads: VouchedHead[] = [];
  for (const [, head] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (head.seq > (heads.at(-1)?.seq ?? 0)) heads.push(head);
  }
  return heads;
}
