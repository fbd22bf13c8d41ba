/** What the fields of a stored record must be: the columns' types, and beside them what may be null or must be one of some words. */
import type { ChainedEvent } from './decision-event.ts';
import { EVENT_COLUMNS, type ColumnType } from './event-columns.ts';
import type { StartEvent } from './start-event.ts';

/** What one field must hold. */
export interface FieldRule {
  readonly name: string;
  readonly value: ValueRule;
  readonly isNullable: boolean;
  readonly isOptional: boolean;
}

/** What one value must be, once it is not null. */
export type ValueRule =
  | { readonly kind: 'text'; readonly words?: readonly string[] }
  | { readonly kind: 'flag' | 'whole' | 'number' }
  | { readonly kind: 'list'; readonly of: ValueRule }
  | { readonly kind: 'mapping'; readonly of: ValueRule }
  | ({ readonly kind: 'record' } & RecordRules);

export interface RecordRules {
  readonly fields: readonly FieldRule[];
  /** How many of them no record may lack. */
  readonly required: number;
}

/** The keys of a type whose values may be null, and those that may be absent. */
type NullableKey<T> = { [K in keyof T]-?: null extends T[K] ? K : never }[keyof T];
type Nullable<T> = Readonly<Record<Extract<NullableKey<T>, string>, true>>;

/** By place: `attempts.status` is the `status` of each attempt. The compiler holds the list to the type of the event. */
const NULLABLE: Nullable<ChainedEvent> & Readonly<Record<string, true>> = {
  conversation_id: true,
  org_id: true,
  team_id: true,
  user_id: true,
  consumer: true,
  consumer_group: true,
  agent_id: true,
  blocked_phase: true,
  policy_name: true,
  target_id: true,
  target_description: true,
  provider: true,
  requested_model: true,
  model: true,
  vendor: true,
  variant: true,
  finish_reason: true,
  upstream_request_id: true,
  upstream_inference_id: true,
  ttft_ms: true,
  prompt_hash: true,
  output_hash: true,
  'attempts.status': true,
  'attempts.error': true,
  'policy_results.score': true,
};

const VERDICTS = [
  'allow',
  'redact',
  'block',
  'escalate',
  'error',
] as const satisfies readonly ChainedEvent['verdict'][];
const PHASES = ['input', 'output'] as const;

/** Words by place; other texts are free. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  verdict: VERDICTS,
  blocked_phase: PHASES,
  cost_source: ['provider', 'pricing', 'none'] as const satisfies readonly ChainedEvent['cost_source'][],
  'policy_results.phase': PHASES,
  'policy_results.mode': ['enforce', 'monitor'],
  'policy_results.verdict': VERDICTS,
  'redactions.phase': PHASES,
};

/** Only records in which something had to be cut have it. */
const OPTIONAL: ReadonlySet<string> = new Set(['truncated'] satisfies (keyof ChainedEvent)[]);

type Field = keyof typeof EVENT_COLUMNS;

/** Of a start record, with its link. */
const START_FIELDS: Readonly<Record<keyof StartEvent | 'chain', true>> & Partial<Record<Field, true>> = {
  event_id: true,
  event_type: true,
  schema_version: true,
  timestamp: true,
  decision_id: true,
  request_id: true,
  conversation_id: true,
  org_id: true,
  team_id: true,
  user_id: true,
  consumer: true,
  consumer_group: true,
  agent_id: true,
  gateway_id: true,
  environment: true,
  pack_name: true,
  config_version: true,
  config_hash: true,
  target_id: true,
  provider: true,
  requested_model: true,
  route: true,
  stream: true,
  prompt_hash: true,
  audit: true,
  chain: true,
  truncated: true,
};

/** The rules of each type of record, by its `event_type`. */
export const RECORD_RULES: Readonly<Record<string, RecordRules>> = {
  decision: rulesOf(Object.entries(EVENT_COLUMNS).filter(([name]) => name !== 'decision_id')),
  start: rulesOf(Object.entries(EVENT_COLUMNS).filter(([name]) => Object.hasOwn(START_FIELDS, name))),
};

function rulesOf(columns: readonly (readonly [string, ColumnType])[], place = ''): RecordRules {
  const fields = columns.map(([name, type]) => ({
    name,
    value: valueRule(type, place + name),
    isNullable: Object.hasOwn(NULLABLE, place + name),
    isOptional: place === '' && OPTIONAL.has(name),
  }));
  return { fields, required: fields.filter(({ isOptional }) => !isOptional).length };
}

function valueRule(type: ColumnType, place: string): ValueRule {
  if (typeof type === 'object') {
    if ('list' in type) return { kind: 'list', of: valueRule(type.list, place) };
    if ('mapTo' in type) return { kind: 'mapping', of: valueRule(type.mapTo, place) };
    return { kind: 'record', ...rulesOf(Object.entries(type.struct), `${place}.`) };
  }
  const words = WORDS[place];
  if (type === 'string') return { kind: 'text', ...(words !== undefined && { words }) };
  return { kind: type === 'boolean' ? 'flag' : type === 'bigint' ? 'whole' : 'number' };
}
