/** Signed records: canonical JSON that names the public key and ends in a signature over everything else. */
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { canonicalJson, isRecord } from '../config/canonical-json.ts';

/** A private key that stays where it is: in a file of this machine, or in a service that signs. */
export interface Signer {
  /** DER of the SubjectPublicKeyInfo, in hex. */
  readonly publicKey: string;
  /** Ed25519, or ECDSA with SHA-256 in DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A record whose signature is right. */
export interface SignedRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly publicKey: string;
}

/** One line, without its end. Hex, because a digit of base64 can change and mean the same. */
export async function signRecord(fields: Readonly<Record<string, unknown>>, signer: Signer): Promise<string> {
  const signedPart = { ...fields, public_key: signer.publicKey };
  const signature = await signer.sign(Buffer.from(canonicalJson(signedPart)));
  return canonicalJson({ ...signedPart, signature: Buffer.from(signature).toString('hex') });
}

/** Undefined unless the line is exactly what was signed. */
export function checkSignedRecord(line: string): SignedRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    if (!isRecord(record) || canonicalJson(record) !== line) return undefined;
    const { signature, ...fields } = record;
    const publicKey = fields['public_key'];
    if (typeof signature !== 'string' || typeof publicKey !== 'string') return undefined;
    if (!/^(?:[0-9a-f]{2})+$/.test(signature)) return undefined;
    const bytes = Buffer.from(canonicalJson(fields));
    return isSignedBy(keyOf(publicKey), bytes, Buffer.from(signature, 'hex'))
      ? { fields, publicKey }
      : undefined;
  } catch {
    return undefined;
  }
}

/** 64 bits of the key's SHA-256: short enough to be compared by eye. */
export function keyIdOf(publicKey: string): string {
  return hash('sha256', Buffer.from(publicKey, 'hex'), 'hex').slice(0, 16);
}

/** Reads a PEM of a public key as signers name it. */
export function publicKeyOfPem(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('hex');
}

/** The key as a PEM, to be kept by whoever verifies. */
export function pemOfPublicKey(publicKey: string): string {
  return keyOf(publicKey).export({ type: 'spki', format: 'pem' }).toString();
}

function keyOf(publicKey: string): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey, 'hex'), format: 'der', type: 'spki' });
}

function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, key, signature);
}
