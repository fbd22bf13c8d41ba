/** Identities and model names that callers send along: kept as they are, unless they hold personal data. */
import type { CreateDigest } from './digest.ts';

const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]/;
/** Digits with the separators of phone numbers, standing alone; a plus, a bracket or groups are allowed. */
const PHONE_LIKE = /(?<![\w.-])\+?\(?\d[\d ()./-]{5,20}\d(?![\w-])/g;
/** E.164 allows 15 digits; local numbers have 7 at least. */
const PHONE_DIGITS = { min: 7, max: 15 } as const;
/** A bare number of fewer digits is more likely a customer's number than a phone's. */
const BARE_PHONE_DIGITS = 10;

/** No provider has spaces in its model names; the length is that of names in the configuration. */
const MODEL_NAME = /^\S{1,300}$/;

/** The value, or `hmac:` and its digest: the same person stays the same, and nobody learns who it is. */
export function keepIdentity(value: string, createDigest: CreateDigest): string {
  return holdsPersonalData(value) ? digested(value, createDigest) : value;
}

/**
 * The model as the caller named it, or `hmac:` and its digest when that is no name: a caller may send any text as
 * `model`, a prompt included. Numbers are no sign of a phone here: names hold dates and accounts.
 */
export function keepModelName(value: string, createDigest: CreateDigest): string {
  return MODEL_NAME.test(value) && !EMAIL.test(decoded(value)) ? value : digested(value, createDigest);
}

function digested(value: string, createDigest: CreateDigest): string {
  const digest = createDigest();
  digest.update(value);
  return `hmac:${digest.hex()}`;
}

function holdsPersonalData(value: string): boolean {
  const text = decoded(value).normalize('NFKC');
  return EMAIL.test(text) || [...text.matchAll(PHONE_LIKE)].some(([candidate]) => isPhone(candidate));
}

function isPhone(candidate: string): boolean {
  const digits = candidate.replaceAll(/\D/g, '').length;
  const least = /^\d+$/.test(candidate) ? BARE_PHONE_DIGITS : PHONE_DIGITS.min;
  return digits >= least && digits <= PHONE_DIGITS.max;
}

/** Header values can't hold all characters, so clients often percent-encode them. */
function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
