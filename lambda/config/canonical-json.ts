/** Canonical JSON (RFC 8785, JCS): one spelling for each value, so that its hash can be computed again anywhere. */

/** JSON.stringify writes a lone surrogate like this. A text may say the same in so many letters: it goes the slower way. */
const LONE_SURROGATE = /\\ud[89a-f]/;

/**
 * The value in canonical form. Fields that are undefined are left out, as JSON.stringify does.
 * Throws a TypeError for what RFC 8785 refuses: lone surrogates, NaN, infinities, and what JSON can't hold.
 */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value)) {
    const text = JSON.stringify(value);
    if (!LONE_SURROGATE.test(text)) return text;
  }
  return orderedJson(value);
}

/**
 * True for plain values whose keys stand in the order of their UTF-16 code units, in every object: of them
 * JSON.stringify writes the canonical form. For an event that takes 3 kB of garbage instead of 14, which is why a gateway
 * under load is quicker by it; in a loop of its own, 13 us instead of 10, it is not.
 */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item));
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype && hasOrderedFields(value);
}

function hasOrderedFields(record: Readonly<Record<string, unknown>>): boolean {
  let last: string | undefined;
  for (const key in record) {
    if (last !== undefined && last >= key) return false;
    last = key;
    const field = record[key];
    if (field !== undefined && !isInOrder(field)) return false;
  }
  return true;
}

function orderedJson(value: unknown): string {
  if (typeof value === 'string') return orderedString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => orderedJson(item ?? null)).join(',')}]`;
  if (isRecord(value)) return orderedObject(value);
  throw new TypeError(
    `canonical JSON can't hold ${typeof value === 'number' ? String(value) : `a ${typeof value}`}`,
  );
}

/** The nearest value that canonicalJson takes: lone surrogates become U+FFFD, numbers that are none become null. */
export function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(mended);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), mended(field)]));
}

/** True for objects with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orderedString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("canonical JSON can't hold a lone surrogate");
  return JSON.stringify(text);
}

function orderedObject(record: Readonly<Record<string, unknown>>): string {
  const fields: string[] = [];
  for (const key of Object.keys(record).toSorted()) {
    const field = record[key];
    if (field !== undefined) fields.push(`${orderedString(key)}:${orderedJson(field)}`);
  }
  return `{${fields.join(',')}}`;
}
