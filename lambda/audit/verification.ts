/** What a verification of evidence says. */

/** A line of a file. */
export interface Place {
  /** Within the folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Null where the line can't be read. */
  readonly event_id: string | null;
}

/** What can be wrong with an event, or before it. */
export type FaultKind =
  /** The line is no event. */
  | 'unreadable'
  /** The event's hash does not match it. */
  | 'altered'
  /** Events before this one are not there. */
  | 'missing'
  /** The event before this one is another than the one it was linked to. */
  | 'unlinked'
  /** The event stands after events that it was written before. */
  | 'reordered'
  /** Two different events claim one place in the chain. */
  | 'conflicting'
  /** The event stands in another writer's file. */
  | 'misplaced';

/** An event that can't be believed, or that shows that others are missing. */
export interface Fault extends Place {
  readonly kind: FaultKind;
  readonly message: string;
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
}

/** Where a verification stands. */
export interface Progress {
  readonly files: number;
  readonly of: number;
  readonly events: number;
}
