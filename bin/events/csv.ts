/** Events as comma-separated values (RFC 4180): one column for each field, nested values as JSON. */
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';

/** The heads, in the order of the event's fields; `truncated` stands in few events, so it is always last. */
export function csvHead(event: ChainedEvent): readonly string[] {
  return [...Object.keys(event).filter((name) => name !== 'truncated'), 'truncated'];
}

/** One record for the given heads, with its line end. */
export function csvRecord(cells: readonly unknown[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? harmless(value) : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets run what begins like a formula, and callers choose some of these texts. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
