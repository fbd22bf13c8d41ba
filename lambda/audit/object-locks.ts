/** What sealing needs of the bucket: versions of objects, their content, and the lock that each has. */

/** One version of an object: versions never change, names may be written again. */
export interface ObjectVersion {
  readonly key: string;
  /** Absent: the latest one. */
  readonly versionId?: string;
}

/** GOVERNANCE can be lifted by whoever has the permission for it, COMPLIANCE by nobody until its time is over. */
export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface ObjectLock {
  readonly mode: LockMode;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface StoredContent {
  /** Milliseconds since the epoch, by the clock of the store. */
  readonly storedAt: number;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ListedVersion extends ObjectVersion {
  /** As above. */
  readonly storedAt: number;
}

/** The bucket. Everything rejects when it can't be done. */
export interface ObjectLocks {
  read(object: ObjectVersion): Promise<StoredContent>;
  /** Undefined when there is none. */
  lockOf(object: ObjectVersion): Promise<ObjectLock | undefined>;
  lock(object: ObjectVersion, lock: ObjectLock): Promise<void>;
  /** All versions under the prefix, those that were replaced or deleted as well. */
  list(prefix: string): AsyncIterable<ListedVersion>;
}
