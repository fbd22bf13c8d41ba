/** What a bucket's lifecycle has removed, as far as checkpoints prove it: S3 itself leaves no mark of what expired. */
import type { SignedCheckpoint } from './checkpoint.ts';
import { dayOfPath } from './lake-layout.ts';

const DAY_MS = 86_400_000;

/**
 * A checkpoint says where a chain stood at the end of a day. Once that day is over its retention, the events of the
 * chain up to there may be gone, and no others may.
 */
export class Expiry {
  readonly #until = new Map<string, number>();
  readonly #excused = new Set<string>();
  /** Of the last checkpoint that says so: lifecycle rules hold for what was stored before them, too. */
  readonly #latest: { readonly path: string; readonly days: number } | undefined;

  /**
   * @param checkpoints That may excuse, in their order.
   * @param now Milliseconds since the epoch.
   */
  constructor(checkpoints: readonly (readonly [path: string, SignedCheckpoint])[], now: number) {
    for (const [path, { retention_days: days }] of checkpoints) {
      if (typeof days === 'number') this.#latest = { path, days };
    }
    if (this.#latest === undefined) return;
    const { days } = this.#latest;
    for (const { writer_id: writer, seq, file } of checkpoints.flatMap(([, { heads }]) => heads)) {
      if (isOver(file, days, now)) this.#until.set(writer, Math.max(this.until(writer), seq));
    }
  }

  /** The last event of a chain that may be gone; 0 for none. */
  until(writer: string): number {
    return this.#until.get(writer) ?? 0;
  }

  /** True when all events of a chain up to this one may be gone; the chain is then counted. */
  excuses(writer: string, seq: number): boolean {
    if (seq > this.until(writer)) return false;
    this.#excused.add(writer);
    return true;
  }

  /** For how many chains something was excused, and by what; undefined for none. */
  outcome(): { readonly chains: number; readonly path: string; readonly days: number } | undefined {
    if (this.#latest === undefined || this.#excused.size === 0) return undefined;
    return { chains: this.#excused.size, ...this.#latest };
  }
}

/**
 * Objects of a day are made in its course, or just after. S3 adds the days of the rule and goes on to the next midnight.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
function isOver(file: string, days: number, now: number): boolean {
  const day = dayOfPath(file);
  return day !== undefined && Date.parse(`${day}T00:00:00Z`) + (days + 1) * DAY_MS <= now;
}
