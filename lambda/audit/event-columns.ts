/** The columns of the table over the evidence: one for each field of the stored records, with its type. */
import type { Attempt, ChainedEvent, ChainLink, PolicyResult, Redaction } from './decision-event.ts';

/** A type that Hive, Trino and DuckDB have alike, under different names. */
export type ColumnType =
  | 'string'
  | 'boolean'
  | 'bigint'
  | 'double'
  | { readonly list: ColumnType }
  | { readonly struct: Readonly<Record<string, ColumnType>> }
  /** By name; names are data, such as kinds of personal data. */
  | { readonly mapTo: ColumnType };

const ATTEMPT = {
  target_id: 'string',
  status: 'bigint',
  latency_ms: 'double',
  error: 'string',
} as const satisfies Record<keyof Attempt, ColumnType>;

const POLICY_RESULT = {
  kind: 'string',
  phase: 'string',
  mode: 'string',
  verdict: 'string',
  reason_code: 'string',
  score: 'double',
  latency_ms: 'double',
  entities: { mapTo: 'bigint' },
} as const satisfies Record<keyof PolicyResult, ColumnType>;

const REDACTION = {
  phase: 'string',
  lane: 'string',
  type: 'string',
  start: 'bigint',
  end: 'bigint',
} as const satisfies Record<keyof Redaction, ColumnType>;

const CHAIN = {
  writer_id: 'string',
  seq: 'bigint',
  prev_hash: 'string',
  hash: 'string',
} as const satisfies Record<keyof ChainLink, ColumnType>;

const AUDIT = {
  immutable: 'boolean',
  retention_days: 'bigint',
  expires_at: 'string',
} as const satisfies Record<keyof ChainedEvent['audit'], ColumnType>;

/** In the order in which people read them; `decision_id` stands in start records alone. */
export const EVENT_COLUMNS = {
  event_id: 'string',
  event_type: 'string',
  schema_version: 'string',
  timestamp: 'string',
  decision_id: 'string',
  request_id: 'string',
  conversation_id: 'string',
  org_id: 'string',
  team_id: 'string',
  user_id: 'string',
  consumer: 'string',
  consumer_group: 'string',
  agent_id: 'string',
  gateway_id: 'string',
  environment: 'string',
  pack_name: 'string',
  config_version: 'string',
  config_hash: 'string',
  verdict: 'string',
  reason_code: 'string',
  blocked_phase: 'string',
  policy_name: 'string',
  degraded: 'boolean',
  target_id: 'string',
  target_description: 'string',
  provider: 'string',
  requested_model: 'string',
  model: 'string',
  vendor: 'string',
  route: 'string',
  strategy: 'string',
  variant: 'string',
  attempts: { list: { struct: ATTEMPT } },
  stream: 'boolean',
  http_status: 'bigint',
  finish_reason: 'string',
  upstream_request_id: 'string',
  upstream_inference_id: 'string',
  input_tokens: 'bigint',
  output_tokens: 'bigint',
  cached_tokens: 'bigint',
  reasoning_tokens: 'bigint',
  total_tokens: 'bigint',
  usage_estimated: 'boolean',
  cost_input_usd: 'double',
  cost_output_usd: 'double',
  cost_usd: 'double',
  cost_source: 'string',
  latency_total_ms: 'double',
  latency_upstream_ms: 'double',
  latency_gateway_ms: 'double',
  ttft_ms: 'double',
  policy_results: { list: { struct: POLICY_RESULT } },
  redactions: { list: { struct: REDACTION } },
  prompt_hash: 'string',
  prompt_redacted: 'boolean',
  output_hash: 'string',
  client_closed: 'boolean',
  audit: { struct: AUDIT },
  chain: { struct: CHAIN },
  truncated: { mapTo: 'bigint' },
} as const satisfies Record<keyof ChainedEvent | 'decision_id', ColumnType>;

/** As the Glue catalogue spells it. */
export function hiveType(type: ColumnType): string {
  if (typeof type === 'string') return type;
  if ('list' in type) return `array<${hiveType(type.list)}>`;
  if ('mapTo' in type) return `map<string,${hiveType(type.mapTo)}>`;
  const fields = Object.entries(type.struct).map(([name, each]) => `${name}:${hiveType(each)}`);
  return `struct<${fields.join(',')}>`;
}

/** As Trino, and so Athena, spells it. */
export function trinoType(type: ColumnType): string {
  if (typeof type === 'string') return type === 'string' ? 'varchar' : type;
  if ('list' in type) return `array(${trinoType(type.list)})`;
  if ('mapTo' in type) return `map(varchar, ${trinoType(type.mapTo)})`;
  const fields = Object.entries(type.struct).map(([name, each]) => `"${name}" ${trinoType(each)}`);
  return `row(${fields.join(', ')})`;
}

/** As DuckDB spells it. */
export function duckdbType(type: ColumnType): string {
  if (typeof type === 'string') return type === 'string' ? 'varchar' : type;
  if ('list' in type) return `${duckdbType(type.list)}[]`;
  if ('mapTo' in type) return `map(varchar, ${duckdbType(type.mapTo)})`;
  const fields = Object.entries(type.struct).map(([name, each]) => `"${name}" ${duckdbType(each)}`);
  return `struct(${fields.join(', ')})`;
}
