/** The key check over any key store: answers from memory for at most a minute, so that a revocation holds by then. */
import type { GatewayKey, KeyStore } from './key-store.ts';
import { hashKeyText, isKeyText } from './key-text.ts';

export interface CachedKeysOptions {
  /** Looks a key up by its hash. */
  readonly find: KeyStore['find'];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long an answer serves. Default and upper limit 60,000. */
  readonly maxAgeMs?: number;
  /** Known keys kept. Default 10,000. */
  readonly maxKnown?: number;
  /** Unknown keys kept, apart from the known ones: a flood of guesses pushes no real key out. Default 1,000. */
  readonly maxUnknown?: number;
}

interface Lookup {
  /** When it was asked: what the store says may be as old as that. */
  readonly askedAt: number;
  readonly key: Promise<GatewayKey | undefined>;
}

const MAX_AGE_MS = 60_000;
/** Past this share of its life an answer is renewed behind the caller's back, so that busy keys never wait. */
const RENEWAL = 0.5;

/**
 * Finds the key of a presented text: undefined when it has not the form of one, is unknown, expired or revoked.
 * Rejects with the store's error when nothing fresh enough is in memory and the store fails.
 */
export function cachedKeys(
  options: CachedKeysOptions,
): (presented: string) => Promise<GatewayKey | undefined> {
  const { find, now, maxKnown = 10_000, maxUnknown = 1_000 } = options;
  const maxAgeMs = Math.min(options.maxAgeMs ?? MAX_AGE_MS, MAX_AGE_MS);
  const known = new Map<string, Lookup>();
  const unknown = new Map<string, Lookup>();
  const pending = new Map<string, Lookup>();

  const keep = (hash: string, lookup: Lookup, key: GatewayKey | undefined): void => {
    const [into, other, limit] = key ? [known, unknown, maxKnown] : [unknown, known, maxUnknown];
    other.delete(hash);
    into.delete(hash);
    into.set(hash, lookup);
    const oldest = into.size > limit ? into.keys().next().value : undefined;
    if (oldest !== undefined) into.delete(oldest);
  };

  const ask = (hash: string): Lookup => {
    const under = pending.get(hash);
    if (under) return under;
    const lookup: Lookup = { askedAt: now(), key: find(hash) };
    pending.set(hash, lookup);
    void lookup.key
      .then(
        (key) => keep(hash, lookup, key),
        () => undefined, // the callers that wait for it see the error
      )
      .finally(() => pending.delete(hash));
    return lookup;
  };

  const look = (hash: string): Lookup => {
    const cached = known.get(hash) ?? unknown.get(hash);
    const age = cached ? now() - cached.askedAt : Infinity;
    if (!cached || age >= maxAgeMs) return ask(hash);
    if (age >= maxAgeMs * RENEWAL) ask(hash);
    return cached;
  };

  return async (presented) => {
    if (!isKeyText(presented)) return undefined;
    const key = await look(hashKeyText(presented)).key;
    return key && isInForce(key, now()) ? key : undefined;
  };
}

/** Neither revoked nor expired. */
export function isInForce(key: GatewayKey, at: number): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || at < key.expiresAt);
}
