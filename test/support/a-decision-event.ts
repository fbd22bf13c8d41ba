/** A decision event for tests that care about a few of its fields. */
import { isRecord } from '../../lambda/config/canonical-json.ts';
import { SCHEMA_VERSION, type ChainedEvent, type DecisionEvent } from '../../lambda/audit/decision-event.ts';
import { startIdOf, type StartEvent } from '../../lambda/audit/start-event.ts';

/** An allowed request, changed in the fields that are given. */
export function aDecisionEvent(fields: Partial<DecisionEvent> = {}): DecisionEvent {
  return { ...IDENTITY, ...OUTCOME, ...USAGE, ...fields };
}

/** Events with the ids `evt_1`, `evt_2` and so on. */
export function decisionEvents(count: number, fields: Partial<DecisionEvent> = {}): readonly DecisionEvent[] {
  return Array.from({ length: count }, (_, index) =>
    aDecisionEvent({ ...fields, event_id: `evt_${index + 1}` }),
  );
}

/** The start record of a decision event, changed in the fields that are given. */
export function aStartEvent(fields: Partial<StartEvent> = {}, decision = aDecisionEvent()): StartEvent {
  return {
    ...IDENTITY,
    event_id: startIdOf(decision.event_id),
    event_type: 'start',
    decision_id: decision.event_id,
    target_id: 'primary',
    provider: 'aimlapi',
    requested_model: 'gpt-4o',
    route: '/v1/chat/completions',
    stream: false,
    prompt_hash: null,
    audit: decision.audit,
    ...fields,
  };
}

/** Reads a line that a sink wrote. */
export function storedEvent(line: string): ChainedEvent {
  const value: unknown = JSON.parse(line);
  if (!isChained(value)) throw new Error(`not a stored event: ${line}`);
  return value;
}

function isChained(value: unknown): value is ChainedEvent {
  return isRecord(value) && isRecord(value['chain']);
}

const IDENTITY = {
  event_id: 'evt_01JBKXQ0000000000000000000',
  event_type: 'decision',
  schema_version: SCHEMA_VERSION,
  timestamp: '2026-11-01T10:11:12.123456Z',
  request_id: 'req-1',
  conversation_id: null,
  org_id: null,
  team_id: 'team-a',
  user_id: 'user-1',
  consumer: null,
  consumer_group: null,
  agent_id: null,
  gateway_id: 'gateway-1',
  environment: 'test',
  pack_name: 'pack',
  config_version: '1.0.0',
  config_hash: 'c'.repeat(64),
} as const;

const OUTCOME = {
  verdict: 'allow',
  reason_code: 'policy.all_passed',
  blocked_phase: null,
  policy_name: null,
  degraded: false,
  target_id: 'primary',
  target_description: null,
  provider: 'aimlapi',
  requested_model: 'gpt-4o',
  model: 'gpt-4o-2024-08-06',
  vendor: null,
  route: '/v1/chat/completions',
  strategy: 'single',
  variant: null,
  attempts: [{ target_id: 'primary', status: 200, latency_ms: 9.5, error: null }],
  stream: false,
  http_status: 200,
  finish_reason: 'stop',
  upstream_request_id: null,
  upstream_inference_id: null,
  prompt_hash: null,
  prompt_redacted: false,
  output_hash: null,
  client_closed: false,
} as const;

const USAGE = {
  input_tokens: 12,
  output_tokens: 3,
  cached_tokens: 0,
  reasoning_tokens: 0,
  total_tokens: 15,
  usage_estimated: false,
  cost_input_usd: 0.00003,
  cost_output_usd: 0.00003,
  cost_usd: 0.00006,
  cost_source: 'pricing',
  latency_total_ms: 10.25,
  latency_upstream_ms: 9.5,
  latency_gateway_ms: 0.75,
  ttft_ms: null,
  policy_results: [],
  redactions: [],
  audit: { immutable: false, retention_days: 90, expires_at: '2027-01-30T10:11:12.123456Z' },
} as const;
