/** What a verification of evidence says. */
import type { Misfit } from './check-fields.ts';
import type { VouchedHead } from './checkpoint.ts';

/** A line of a file, or the file as a whole. */
export interface Place {
  /** Within the folder. */
  readonly file: string;
  /** From 1; null where no line can be named. */
  readonly line: number | null;
  /** Null where the line can't be read. */
  readonly event_id: string | null;
}

/** What can be wrong with an event, before it, or behind it. */
export type FaultKind =
  /** The line is no event. */
  | 'unreadable'
  /** The event's hash does not match it. */
  | 'altered'
  /** A field of the event is missing, unknown, or not of its type: no gateway wrote it so. */
  | 'malformed'
  /** Events before this one are not there. */
  | 'missing'
  /** The event before this one is another than the one it was linked to. */
  | 'unlinked'
  /** The event stands after events that it was written before. */
  | 'reordered'
  /** Two different events claim one place in the chain. */
  | 'conflicting'
  /** The event stands in another writer's file. */
  | 'misplaced'
  /** A checkpoint saw events at the end of a chain, or a whole chain, that are not there any more. */
  | 'removed'
  /** A checkpoint saw another event at this place. */
  | 'rewritten'
  /** The event stands where a checkpoint saw everything, but not this. */
  | 'inserted'
  /** A checkpoint, or a mark of retention, is not as it was signed, or by a key that is not trusted. */
  | 'unsigned';

/** An event that can't be believed, or that shows that others are missing. */
export interface Fault extends Place {
  readonly kind: FaultKind;
  readonly message: string;
  /** Of a malformed event: which field, what type of value stands there, what the schema allows. */
  readonly misfit?: Misfit;
}

/** What an auditor should know and what is no fault. */
export interface Notice extends Place {
  /**
   * `unfinished`: a start record whose decision never came, which a process leaves that was ended by force.
   * `clock`: an event that says it is younger than the hour it was stored in: a clock was set back, or is ahead.
   * `key`: another key signs, or hashes, from here on.
   * `schema`: events of a schema or a type that this version does not know, whose fields nobody has checked.
   * `expired`: chains whose first events, or all, are gone with days that are past their retention.
   */
  readonly kind: 'unfinished' | 'clock' | 'key' | 'schema' | 'expired';
  readonly message: string;
}

/** What the checkpoints of the evidence prove. */
export interface Vouching {
  readonly checkpoints: number;
  /** Of the last one; null when there is none. */
  readonly last_at: string | null;
  /** The ids of the keys that signed, in the order of their first checkpoint. */
  readonly keys: readonly string[];
}

/** The outcome for a whole folder. */
export interface Verification {
  /** True when there is no fault. */
  readonly ok: boolean;
  readonly files: number;
  /** Duplicates left out. */
  readonly events: number;
  readonly writers: number;
  readonly duplicates: number;
  /** Last lines that a crash tore; what can't be read of them was never confirmed to anybody. */
  readonly recovered: readonly Place[];
  /** The first thousand. */
  readonly faults: readonly Fault[];
  readonly fault_count: number;
  /** The first thousand. */
  readonly notices: readonly Notice[];
  readonly notice_count: number;
  readonly vouching: Vouching;
}

/** The outcome, with where the chains end: an entry for each writer and day, which is too much for most readers. */
export interface VerificationWithHeads extends Verification {
  /** By writer, and of each in the order of its chain. */
  readonly heads: readonly VouchedHead[];
  /** Days for which the youngest event is kept; null where none says so. */
  readonly retentionDays: number | null;
}

/** Where a verification stands. */
export interface Progress {
  readonly files: number;
  readonly of: number;
  readonly events: number;
}
