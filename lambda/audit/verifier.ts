/** Takes evidence in line by line and gathers what is wrong with it. */
import { basename } from 'node:path';
import { ChainBook, type Arrival, type ChainStep } from './chain-book.ts';
import { checkFields, type FieldCheck } from './check-fields.ts';
import { checkRawLine, isTorn } from './check-raw-line.ts';
import type { CheckedCheckpoints } from './check-checkpoints.ts';
import type { VouchedHead } from './checkpoint.ts';
import { KnownHeads } from './continuation.ts';
import { DayEnds } from './day-ends.ts';
import { Expiry } from './expiry.ts';
import { missingMessage, REPEAT_MESSAGES, unlinkedMessage } from './fault-messages.ts';
import type { ChainHead } from './hash-chain.ts';
import { endOfHour } from './lake-layout.ts';
import { OpenStarts } from './open-starts.ts';
import type { RawLine } from './read-lines.ts';
import { Repeats } from './repeats.ts';
import type { Fault, Notice, Place, Verification } from './verification.ts';
import { Vouchers } from './vouchers.ts';

const LIMIT = 1000;

/** Firehose names a record's hour after the first one of its buffer; clocks of two machines differ a little. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** The file that is being read. */
interface CurrentFile {
  readonly path: string;
  /** Undefined until a line says so, null where the file belongs to nobody. */
  writer: string | null | undefined;
  readonly youngest: string;
  /** Schemas and types of its events that are not known, and told of. */
  readonly unknown: Set<string>;
}

/** For one verification. */
export class Verifier {
  readonly #book: ChainBook;
  readonly #known: KnownHeads;
  readonly #marks: readonly ChainHead[];
  readonly #checkpoints: CheckedCheckpoints;
  readonly #vouchers = new Vouchers();
  readonly #repeats = new Repeats();
  readonly #starts = new OpenStarts();
  readonly #faults: Fault[] = [];
  readonly #recovered: Place[] = [];
  readonly #notices: Notice[] = [];
  readonly #ends = new DayEnds();
  readonly #expiry: Expiry;
  #faultCount = 0;
  #noticeCount = 0;
  #duplicates = 0;
  #hasMixedFiles = false;
  #file: CurrentFile = { path: '', writer: undefined, youngest: '', unknown: new Set() };
  events = 0;

  /**
   * @param now Milliseconds since the epoch.
   * @param known Records that were verified before. Default: none.
   */
  constructor(
    marks: readonly ChainHead[],
    checkpoints: CheckedCheckpoints,
    now: number,
    known = new KnownHeads(),
  ) {
    this.#book = new ChainBook(marks);
    this.#known = known;
    this.#marks = marks;
    this.#checkpoints = checkpoints;
    this.#expiry = new Expiry(checkpoints.excusing, now);
    for (const [path, checkpoint] of checkpoints.valid) this.#vouchers.add(path, checkpoint);
    for (const fault of checkpoints.faults) this.fault(fault);
    for (const notice of checkpoints.notices) this.#notice(notice);
  }

  /** True when only a second reading can tell what some records are. */
  get needsComparison(): boolean {
    return this.#repeats.size > 0 || (this.#hasMixedFiles && this.#starts.size > 0);
  }

  begin(path: string): void {
    const youngest = new Date(endOfHour(path) + CLOCK_TOLERANCE_MS).toISOString();
    this.#file = { path, writer: undefined, youngest, unknown: new Set() };
  }

  read(line: RawLine): void {
    let fields: FieldCheck | undefined;
    const checked = checkRawLine(line, (record) => {
      fields = checkFields(record);
      this.#ends.seeRetention(record);
    });
    const place = { file: this.#file.path, line: line.number, event_id: checked.eventId ?? null };
    if (!('fault' in checked)) {
      if (fields !== undefined && fields.kind !== 'fits') this.#tellFields(fields, place);
      if (!line.isEnded) this.#recovered.push(place);
      this.#follow({ ...checked, place, isEnded: line.isEnded });
    } else if (isTorn(line)) this.#recovered.push(place);
    else {
      this.fault({ kind: checked.fault, ...place, message: checked.message });
      if (checked.link !== undefined) this.#book.accept(checked.link);
    }
  }

  compare(line: RawLine): void {
    const checked = checkRawLine(line);
    if ('fault' in checked) return;
    this.#repeats.compare(checked.link);
    if (checked.decisionId === undefined) this.#starts.end(checked.eventId);
  }

  /** After the first reading: what still waits is missing what it waits for. */
  settle(): void {
    for (const writer of this.#book.waitingWriters) this.#settleWriter(writer);
  }

  finish(files: number): Verification {
    for (const { kind, ...place } of this.#repeats.outcome()) {
      if (kind === 'duplicate') this.#duplicates++;
      else this.fault({ kind, ...place, message: REPEAT_MESSAGES[kind] });
    }
    const missing = this.#vouchers.missing((writer) => this.#book.lastOf(writer), this.#marks, this.#expiry);
    for (const fault of missing) this.fault(fault);
    for (const notice of this.#starts.unfinished()) this.#notice(notice);
    this.#tellExpired();
    return {
      ok: this.#faultCount === 0,
      files,
      events: this.events,
      writers: this.#book.writers,
      duplicates: this.#duplicates,
      recovered: this.#recovered,
      faults: this.#faults,
      fault_count: this.#faultCount,
      notices: this.#notices,
      notice_count: this.#noticeCount,
      vouching: this.#checkpoints.vouching,
    };
  }

  /** Where the chains end, each on each day, and for how many days their events are kept. */
  ends(): { readonly heads: readonly VouchedHead[]; readonly retentionDays: number | null } {
    return { heads: this.#ends.heads(), retentionDays: this.#ends.retentionDays };
  }

  fault(fault: Fault): void {
    this.#faultCount++;
    if (this.#faults.length < LIMIT) this.#faults.push(fault);
  }

  #tellExpired(): void {
    const expired = this.#expiry.outcome();
    if (expired === undefined) return;
    const { chains, path, days } = expired;
    const what = chains === 1 ? 'one chain lacks events' : `${chains} chains lack events`;
    const message = `${what} of days that are past their retention (${days} days): checkpoints saw them there`;
    this.#notice({ kind: 'expired', file: path, line: null, event_id: null, message });
  }

  #tellFields(fields: Exclude<FieldCheck, { kind: 'fits' }>, place: Place): void {
    if (fields.kind === 'misfits') {
      for (const misfit of fields.misfits) {
        const { field, seen, allowed } = misfit;
        const message = `the field ${field} holds ${seen}; allowed is ${allowed}`;
        this.fault({ kind: 'malformed', ...place, message, misfit });
      }
      return;
    }
    const { field, value } = fields;
    const what = `${field} ${value}`;
    if (this.#file.unknown.has(what)) return;
    this.#file.unknown.add(what);
    const message = `this version does not know the ${what}: the fields of such events are not checked, their chain is`;
    this.#notice({ kind: 'schema', ...place, message });
  }

  #follow(arrival: Arrival): void {
    const met = this.#known.meet(arrival);
    if (met === 'known') return;
    if (met !== 'new') return this.fault(met);
    const writer = arrival.link.writer_id;
    const isOrdered = this.#checkFile(arrival);
    const step = this.#book.step(arrival, isOrdered);
    this.#count(arrival, step);
    if (isOrdered || step.kind === 'duplicate') return;
    if (step.kind === 'early' && this.#book.isFull) this.#settleWriter(writer);
    for (const [late, itsStep] of this.#book.followers(writer)) this.#count(late, itsStep);
  }

  #settleWriter(writer: string): void {
    for (const [late, step] of this.#book.leftovers(writer)) this.#count(late, step);
  }

  #count(arrival: Arrival, step: ChainStep): void {
    const { link, place } = arrival;
    if (step.kind === 'early') return;
    if (step.kind === 'duplicate') return void this.#duplicates++;
    if (step.kind === 'repeat') {
      const message = 'the place in the chain was there before, as were too many others to compare them';
      if (!this.#repeats.keep(link, place)) this.fault({ kind: 'conflicting', ...place, message });
      return;
    }
    this.events++;
    this.#ends.see(arrival);
    this.#starts.see(arrival);
    if (step.kind === 'missing' && !this.#expiry.excuses(link.writer_id, step.to)) {
      this.fault({ kind: 'missing', ...place, message: missingMessage(link.writer_id, step) });
    }
    if (step.kind === 'unlinked') this.fault({ kind: 'unlinked', ...place, message: unlinkedMessage(link) });
    const contradiction = this.#vouchers.see(arrival);
    if (contradiction !== undefined) this.fault(contradiction);
  }

  /** True for a file of one writer alone, in the order of its chain: one that is named after its first event's. */
  #checkFile({ link, place, timestamp }: Arrival): boolean {
    const file = this.#file;
    file.writer ??=
      basename(file.path).replace(/\.jsonl(?:\.gz)?$/, '') === link.writer_id ? link.writer_id : null;
    this.#hasMixedFiles ||= file.writer === null;
    if (file.writer !== null && file.writer !== link.writer_id) {
      const message = `the event is of writer ${link.writer_id}, the file is not`;
      this.fault({ kind: 'misplaced', ...place, message });
    }
    if (timestamp !== null && timestamp > file.youngest) {
      const message = `the event is of ${timestamp}, later than its hour: a clock was set back, or is ahead`;
      this.#notice({ kind: 'clock', ...place, message });
    }
    return file.writer !== null;
  }

  #notice(notice: Notice): void {
    this.#noticeCount++;
    if (this.#notices.length < LIMIT) this.#notices.push(notice);
  }
}
