/** Canonical JSON (RFC 8785, JCS): one spelling for each value, so that its hash can be computed again anywhere. */

/** All but the characters that stand for themselves (RFC 8259, section 7); surrogates, for they may stand alone. */
const NEEDS_CARE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * The value in canonical form. Fields that are undefined are left out, as JSON.stringify does.
 * Throws a TypeError for what RFC 8785 refuses: lone surrogates, NaN, infinities, and what JSON can't hold.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return canonicalArray(value);
  if (isRecord(value)) return canonicalObject(value);
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

function canonicalString(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError("canonical JSON can't hold a lone surrogate");
  return JSON.stringify(text);
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) text += `${text === '' ? '[' : ','}${canonicalJson(item ?? null)}`;
  return text === '' ? '[]' : `${text}]`;
}

function canonicalObject(record: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const { key, label } of orderOf(Object.keys(record))) {
    const field = record[key];
    if (field === undefined) continue;
    text += `${text === '' ? '{' : ','}${label}${canonicalJson(field)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

interface Shape {
  readonly keys: readonly string[];
  readonly order: readonly Label[];
}

interface Label {
  readonly key: string;
  /** The key as it is written, with its colon. */
  readonly label: string;
}

/**
 * Objects of one kind have the same keys in the same order. Remembering the last shape for each first key saves
 * the sorting, which was half of the time that an event took.
 */
const shapes = new Map<string, Shape>();
const SHAPE_LIMIT = 256;

/** The keys in the order of their UTF-16 code units, which is what sort() does. */
function orderOf(keys: readonly string[]): readonly Label[] {
  const first = keys[0] ?? '';
  const known = shapes.get(first);
  if (known !== undefined && isSame(known.keys, keys)) return known.order;
  const order = keys.toSorted().map((key) => ({ key, label: `${canonicalString(key)}:` }));
  if (shapes.size >= SHAPE_LIMIT) shapes.clear();
  shapes.set(first, { keys, order });
  return order;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
