/** Hashes of texts under a key, so that events can tell equal texts without saying them: HMAC-SHA-256 (RFC 2104). */
import { createHmac, createSecretKey } from 'node:crypto';

/** HMAC under the deployment's key, in lower-case hex: hashes in events can't be guessed from short texts. */
export type CreateDigest = () => Digest;

export interface Digest {
  update(text: string): void;
  hex(): string;
}

/** Hashes under the key. */
export function digestsUnder(key: string): CreateDigest {
  // Prepared once: to take the key in from a string each time was a third of what a digest costs.
  const secret = createSecretKey(key, 'utf8');
  return () => {
    const hmac = createHmac('sha256', secret);
    return { update: (text) => void hmac.update(text, 'utf8'), hex: () => hmac.digest('hex') };
  };
}
