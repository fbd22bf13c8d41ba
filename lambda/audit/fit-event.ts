/** Makes an event fit into one record: long lists and texts are cut with a mark, the event itself never goes. */
import { link, type Chainable, type ChainHead, type Linked } from './hash-chain.ts';

/** Firehose takes 1,000 KiB a record; the line end and the mark are part of it. */
const RECORD_BYTES = 1000 * 1024 - 1024;

/** Tried one after the other: how much of each list is kept. */
const KEPT_ITEMS = [10_000, 1000, 100, 10, 0];
const KEPT_LETTERS = 1000;

type Fields = Readonly<Record<string, unknown>>;

/** Links the event, shortened if it is too long for a record. */
export function linkFitting(event: Chainable, head: ChainHead): Linked {
  const linked = link(event, head);
  if (fits(linked)) return linked;
  for (const items of KEPT_ITEMS) {
    const shorter = link({ ...event, ...shortened({ ...event }, items) }, head);
    if (fits(shorter)) return shorter;
  }
  throw new RangeError(`event ${event.event_id} does not fit into a record, however short its texts are`);
}

/** No letter has more than three bytes in UTF-8, so most lines need no count. */
function fits({ line }: Linked): boolean {
  return line.length * 3 <= RECORD_BYTES || Buffer.byteLength(line) <= RECORD_BYTES;
}

/** The fields that had to be cut, and `truncated`: how long each of them was. */
function shortened(fields: Fields, items: number): Fields {
  const cut: Record<string, unknown> = {};
  const truncated: Record<string, number> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && value.length > KEPT_LETTERS)
      cut[name] = `${value.slice(0, KEPT_LETTERS)}…`;
    else if (Array.isArray(value) && value.length > items) cut[name] = value.slice(0, items);
    else continue;
    truncated[name] = value.length;
  }
  // What was cut before it came here was longer than it is now.
  const before = fields['truncated'];
  return { ...cut, truncated: typeof before === 'object' ? { ...truncated, ...before } : truncated };
}
