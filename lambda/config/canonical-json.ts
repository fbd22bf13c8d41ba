/** Canonical JSON (RFC 8785, JCS): one text for one value, whatever the order of its keys. */

/**
 * Serialises plain data. Keys are sorted by UTF-16 code units; numbers and strings are written as ECMAScript
 * writes them, which is what the RFC asks for. Keys whose value is undefined are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
