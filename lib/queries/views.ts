/** The views over the table of evidence, in the words of Athena (Trino) and of DuckDB. */
import { type ColumnType, EVENT_COLUMNS } from '../../lambda/audit/event-columns.ts';

export interface View {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** One select over the table `events`. */
  readonly sql: Readonly<Record<'trino' | 'duckdb', string>>;
}

/** Of the folders; a filter on them spares reading the others. */
export const PARTITION_COLUMNS = { dt: 'string', hr: 'string' } as const satisfies Record<string, ColumnType>;

const ALL_COLUMNS = { ...EVENT_COLUMNS, ...PARTITION_COLUMNS };

/** Firehose delivers at least once: each decision counts once, wherever its copies lie. */
const WITHOUT_COPIES = `select ${Object.keys(ALL_COLUMNS)
  .map((name) => `"${name}"`)
  .join(', ')}
from (
  select *, row_number() over (partition by event_id order by dt, hr) as copy
  from events
  where event_type = 'decision'
) as copies
where copy = 1`;

const CALL_COLUMNS = {
  event_id: 'string',
  timestamp: 'string',
  place: 'bigint',
  target_id: 'string',
  status: 'bigint',
  latency_ms: 'double',
  error: 'string',
  ...PARTITION_COLUMNS,
} as const satisfies Record<string, ColumnType>;

const FINDING_COLUMNS = {
  event_id: 'string',
  timestamp: 'string',
  place: 'bigint',
  kind: 'string',
  phase: 'string',
  type: 'string',
  findings: 'bigint',
  ...PARTITION_COLUMNS,
} as const satisfies Record<string, ColumnType>;

/** The last two have a row for each copy of an event: who counts takes distinct rows. */
export const VIEWS: readonly View[] = [
  { name: 'decisions', columns: ALL_COLUMNS, sql: { trino: WITHOUT_COPIES, duckdb: WITHOUT_COPIES } },
  {
    name: 'target_calls',
    columns: CALL_COLUMNS,
    sql: {
      trino: `select event_id, "timestamp", place, called.target_id, called.status, called.latency_ms, called.error, dt, hr
from events
cross join unnest(attempts) with ordinality as called (target_id, status, latency_ms, error, place)
where event_type = 'decision'`,
      duckdb: `select event_id, "timestamp", place, called.target_id, called.status, called.latency_ms, called.error, dt, hr
from (
  select *, unnest(attempts) as called, generate_subscripts(attempts, 1) as place
  from events
  where event_type = 'decision'
) as calls`,
    },
  },
  {
    name: 'entity_findings',
    columns: FINDING_COLUMNS,
    sql: {
      trino: `select event_id, "timestamp", place, judged.kind, judged.phase, found.type, found.findings, dt, hr
from events
cross join unnest(policy_results) with ordinality
  as judged (kind, phase, mode, verdict, reason_code, score, latency_ms, entities, place)
cross join unnest(judged.entities) as found (type, findings)
where event_type = 'decision'`,
      duckdb: `select event_id, "timestamp", place, kind, phase, found.key as type, found.value as findings, dt, hr
from (
  select event_id, "timestamp", dt, hr, place, judged.kind, judged.phase, unnest(map_entries(judged.entities)) as found
  from (
    select *, unnest(policy_results) as judged, generate_subscripts(policy_results, 1) as place
    from events
    where event_type = 'decision'
  ) as judgements
) as findings`,
    },
  },
];
