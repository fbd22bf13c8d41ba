/** Whole decision events by way of Athena: the question that asks for them, and the rows as events again. */
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import { EVENT_COLUMNS, type ColumnType } from '../../lambda/audit/event-columns.ts';
import { parseEvent } from '../../lambda/audit/read-events.ts';
import { canonicalJson, isRecord } from '../../lambda/config/canonical-json.ts';

/** Which decisions. */
export interface WantedDecisions {
  /** YYYY-MM-DD: what was stored from that day on, which decides how much is read and paid. Default: all. */
  readonly since?: string;
  /** Default: all. */
  readonly verdicts?: readonly string[];
  /** The last so many. Default: all. */
  readonly last?: number;
}

const COLUMNS: Readonly<Record<string, ColumnType>> = EVENT_COLUMNS;
/** Start records alone have it. */
const NAMES = Object.keys(COLUMNS).filter((name) => name !== 'decision_id');

/** Each decision once, in the order of time; lists and objects as JSON, since Athena would spell them its own way. */
export function decisionsSql({ since, verdicts = [], last }: WantedDecisions): string {
  const columns = NAMES.map((name) =>
    typeof COLUMNS[name] === 'string' ? `"${name}"` : `json_format(cast("${name}" as json)) as "${name}"`,
  );
  const conditions = [
    "event_type = 'decision'",
    ...(since === undefined ? [] : [`dt >= ${quoted(since)}`]),
    ...(verdicts.length === 0 ? [] : [`verdict in (${verdicts.map(quoted).join(', ')})`]),
  ];
  const order = (direction: 'asc' | 'desc'): string =>
    `order by "timestamp" ${direction}, event_id ${direction}`;
  const once = `select ${columns.join(', ')} from (
  select *, row_number() over (partition by event_id order by dt, hr) as copy
  from events
  where ${conditions.join(' and ')}
) where copy = 1`;
  if (last === undefined) return `${once}\n${order('asc')}`;
  return `select * from (\n${once}\n${order('desc')} limit ${last}\n) ${order('asc')}`;
}

/** Undefined for a row that is no event. */
export function eventOfRow(columns: readonly string[], row: readonly unknown[]): ChainedEvent | undefined {
  const fields = columns.map((name, index) => [name, restored(name, row[index])] as const);
  const present = fields.filter(([name, value]) => name !== 'truncated' || value !== null);
  return parseEvent(canonicalJson(Object.fromEntries(present)));
}

function restored(name: string, cell: unknown): unknown {
  const type = COLUMNS[name];
  if (type === undefined || typeof type === 'string' || typeof cell !== 'string') return cell;
  return named(JSON.parse(cell), type);
}

/** Older versions of Trino give the fields of a row without their names. */
function named(value: unknown, type: ColumnType): unknown {
  if (value === null || typeof type === 'string') return value;
  if ('list' in type) return Array.isArray(value) ? value.map((each) => named(each, type.list)) : value;
  if ('mapTo' in type) return value;
  const fields = Object.entries(type.struct);
  const valueOf = (name: string, index: number): unknown =>
    Array.isArray(value) ? value[index] : isRecord(value) ? value[name] : undefined;
  return Object.fromEntries(
    fields.map(([name, each], index) => [name, named(valueOf(name, index) ?? null, each)]),
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
