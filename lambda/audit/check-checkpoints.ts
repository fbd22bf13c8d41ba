/** Reads the checkpoints of a lake and finds what was done to them: edits, removals, exchanges, other keys. */
import { NO_CHECKPOINT, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { keyIdOf } from './signature.ts';
import type { Fault, Notice, Vouching } from './verification.ts';

/** What the verifier knows from elsewhere. */
export interface Trust {
  /** Public keys; without any, each checkpoint's own key is taken, and told. */
  readonly publicKeys: readonly string[];
  /** Texts of checkpoints that were kept elsewhere: later ones than these can be missing, these can't. */
  readonly anchors: readonly string[];
}

export const NO_TRUST: Trust = { publicKeys: [], anchors: [] };

/** The checkpoints that can be believed, and what is wrong with the others. */
export interface CheckedCheckpoints {
  readonly valid: readonly (readonly [path: string, SignedCheckpoint])[];
  /**
   * Those that may say that something was removed rightly: all where keys are trusted, else those of the first key.
   * Whoever may write into a lake can add a checkpoint under a key of his own.
   */
  readonly excusing: CheckedCheckpoints['valid'];
  readonly faults: readonly Fault[];
  readonly notices: readonly Notice[];
  readonly vouching: Vouching;
}

/** What a lake without any has. */
export const NO_CHECKPOINTS: CheckedCheckpoints = {
  valid: [],
  excusing: [],
  faults: [],
  notices: [],
  vouching: { checkpoints: 0, last_at: null, keys: [] },
};

/** Rejects when the place can't be read. */
export async function checkCheckpoints(source: EvidenceSource, trust: Trust): Promise<CheckedCheckpoints> {
  const reading = new Reading(trust);
  for (const path of await source.checkpoints()) reading.read(path, (await source.text(path)) ?? '');
  for (const [index, text] of trust.anchors.entries()) {
    reading.anchor(`the checkpoint kept elsewhere (${String(index + 1)})`, text);
  }
  return reading.outcome();
}

class Reading {
  readonly #trust: Trust;
  readonly #valid: (readonly [string, SignedCheckpoint])[] = [];
  readonly #faults: Fault[] = [];
  readonly #notices: Notice[] = [];
  readonly #keys = new Set<string>();
  /** Undefined after a checkpoint that can't be believed: what follows it can't be compared with it. */
  #before: string | undefined = NO_CHECKPOINT;
  #number = 0;
  #digestKey: string | null = null;
  #last: SignedCheckpoint | undefined;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  read(path: string, text: string): void {
    const named = Number(/\d+/.exec(path)?.[0]);
    if (named !== this.#number + 1) {
      const message = `checkpoints ${this.#number + 1} to ${named - 1} should stand before this one`;
      this.#fault('missing', path, message);
      this.#before = undefined;
    }
    this.#number = named;
    const found = this.#believed(path, text);
    if (found === undefined) return void (this.#before = undefined);
    const isNext = found.number === named && (this.#before === undefined || this.#before === found.previous);
    if (!isNext)
      this.#fault('unlinked', path, 'the checkpoint was made after another one than the one before it');
    this.#before = found.hash;
    this.#noticeKeys(path, found);
    this.#valid.push([path, found]);
    this.#last = found;
  }

  /** One that was kept elsewhere must be there as it was. */
  anchor(path: string, text: string): void {
    const found = this.#believed(path, text);
    if (found === undefined) return;
    const stored = this.#valid.find(([, { number }]) => number === found.number);
    if (stored === undefined) {
      this.#fault('missing', path, `checkpoint ${found.number} is not there any more`);
      this.#valid.push([path, found]);
    } else if (stored[1].hash !== found.hash) {
      this.#fault('rewritten', path, `checkpoint ${found.number} is another one now`);
      this.#valid.push([path, found]);
    }
  }

  outcome(): CheckedCheckpoints {
    const vouching = {
      checkpoints: this.#valid.length,
      last_at: this.#last?.created_at ?? null,
      keys: [...this.#keys].map(keyIdOf),
    };
    const [firstKey] = this.#keys;
    const isExcusing = (publicKey: string): boolean =>
      this.#trust.publicKeys.length > 0 || publicKey === firstKey;
    const excusing = this.#valid.filter(([, { publicKey }]) => isExcusing(publicKey));
    return { valid: this.#valid, excusing, faults: this.#faults, notices: this.#notices, vouching };
  }

  #believed(path: string, text: string): SignedCheckpoint | undefined {
    const found = readCheckpoint(text);
    const { publicKeys } = this.#trust;
    if (found === undefined) this.#fault('unsigned', path, 'the checkpoint is not as it was signed');
    else if (publicKeys.length > 0 && !publicKeys.includes(found.publicKey)) {
      this.#fault('unsigned', path, `key ${keyIdOf(found.publicKey)} signed it, which is not trusted`);
      return undefined;
    }
    return found;
  }

  #noticeKeys(path: string, { publicKey, digest_key: digestKey }: SignedCheckpoint): void {
    if (this.#keys.size > 0 && !this.#keys.has(publicKey)) {
      this.#notice(path, `from here on key ${keyIdOf(publicKey)} signs, another one than before`);
    }
    this.#keys.add(publicKey);
    if (digestKey === null) return;
    if (this.#digestKey !== null && this.#digestKey !== digestKey) {
      this.#notice(
        path,
        'another digest key is used from here on: equal texts have other hashes than before',
      );
    }
    this.#digestKey = digestKey;
  }

  #fault(kind: Fault['kind'], file: string, message: string): void {
    this.#faults.push({ kind, file, line: 1, event_id: null, message });
  }

  #notice(file: string, message: string): void {
    this.#notices.push({ kind: 'key', file, line: 1, event_id: null, message });
  }
}
