/** One server-sent event: what its lines say, and its text with other data. */

export interface SseFrame {
  /** As received, the blank line included (added when the stream ended without one); lines of no known field left out. */
  readonly raw: string;
  readonly event?: string;
  /** All data lines joined; undefined when the frame has none (a comment, a lone id). */
  readonly data?: string;
  /** The stream ended before the blank line. */
  readonly isUnfinished?: boolean;
}

const LINE_END = /\r\n|\n|\r/;
const FIELDS: ReadonlySet<string> = new Set(['data', 'event', 'id', 'retry']);

/** Reads a frame with its blank line. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function readFrame(raw: string): SseFrame {
  // The shape of nearly every frame: one data line, one blank line.
  if (raw.startsWith('data: ') && raw.indexOf('\n') === raw.length - 2 && !raw.includes('\r')) {
    return { raw, data: raw.slice(6, -2) };
  }
  let event: string | undefined;
  let data: string | undefined;
  let strays = 0;
  for (const line of raw.split(LINE_END)) {
    if (line === '') continue;
    const { field, value } = readLine(line);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value;
    else if (!isKnown(field)) strays += 1;
  }
  return {
    raw: strays === 0 ? raw : withoutStrays(raw),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data }),
  };
}

function readLine(line: string): { readonly field: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) return { field: line, value: '' };
  return { field: line.slice(0, colon), value: line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1) };
}

/** A comment's field has no name. */
const isKnown = (field: string): boolean => field === '' || FIELDS.has(field);

/** Nobody reads a line of another field, so nobody judged it. */
function withoutStrays(raw: string): string {
  const lines = raw.split(LINE_END).filter((line) => line !== '' && isKnown(readLine(line).field));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** The frame with other data; event name, id and comments stay. */
export function withData(frame: SseFrame, data: string): string {
  const written = `data: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`;
  if (frame.raw.startsWith('data: ') && frame.data?.length === frame.raw.length - 8) return written;
  const kept = frame.raw
    .split(LINE_END)
    .filter((line) => line !== '' && readLine(line).field !== 'data')
    .map((line) => `${line}\n`)
    .join('');
  return kept + written;
}
