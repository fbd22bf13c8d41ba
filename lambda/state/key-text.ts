/** What a gateway key looks like as text, and its hash, the only form in which it is stored. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'kt_gk_';
/** 32 random bytes in base64url. */
const FORM = /^kt_gk_[A-Za-z0-9_-]{43}$/;

/** A new key with 256 bits of chance, so that a plain SHA-256 protects it: there is nothing to guess. */
export function newKeyText(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Whether a presented text can be a gateway key at all; everything else needs no look-up. */
export function isKeyText(text: string): boolean {
  return FORM.test(text);
}

/** SHA-256 in lower-case hex. */
export function hashKeyText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const left = Buffer.from(one, 'utf8');
  const right = Buffer.from(other, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
