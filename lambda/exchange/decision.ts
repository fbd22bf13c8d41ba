/** Makes the decision event of a request out of what was recorded on its way. */
import { costOf } from '../audit/cost.ts';
import type { DecisionEvent, EventVerdict, PolicyResult } from '../audit/decision-event.ts';
import { SCHEMA_VERSION } from '../audit/decision-event.ts';
import { timestampOf } from '../audit/event-id.ts';
import { keepIdentity, keepModelName } from '../audit/redact-identity.ts';
import type { Tally } from '../policies/tally.ts';
import { talliesOf, verdictOf } from './record.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';

const DAY_MS = 86_400_000;

/**
 * Its fields, and those of what it lists, stand in the order of canonical JSON, which is then written without sorting
 * them (event-order.test.ts). Out of order it takes more time, and means the same.
 */
export function decisionEvent(runtime: Runtime, record: ExchangeRecord): DecisionEvent {
  const { config, services } = runtime;
  const { audit, pack } = config;
  const tallies = talliesOf(record);
  const verdict = verdictOf(record);
  const hasDetails = audit.logAllAccess || verdict !== 'allow';
  const who = identityOf(runtime, record);
  const reason = reasonOf(record, verdict, tallies);
  const model = modelsOf(runtime, record);
  const usage = usageOf(record);
  const { target, facts } = record;
  const cost = costOf({ usage, pricing: target?.pricing, providerCostUsd: facts.costUsd });
  const places = hasDetails && keepsPlaces(runtime) ? record.places : NO_PLACES;
  const totalMs = services.elapsed() - record.started;
  return {
    agent_id: who.agent_id,
    attempts: hasDetails ? record.attempts : [],
    audit: {
      expires_at: new Date(record.startedAt + audit.retentionDays * DAY_MS).toISOString(),
      immutable: audit.immutable,
      retention_days: audit.retentionDays,
    },
    blocked_phase: record.blockedPhase,
    cached_tokens: usage.cached_tokens,
    chain: undefined,
    client_closed: record.clientClosed,
    config_hash: config.hash,
    config_version: pack.version,
    consumer: who.consumer,
    consumer_group: who.consumer_group,
    conversation_id: who.conversation_id,
    cost_input_usd: cost.cost_input_usd,
    cost_output_usd: cost.cost_output_usd,
    cost_source: cost.cost_source,
    cost_usd: cost.cost_usd,
    degraded: record.chain?.isDegraded === true || services.circuits.isDegraded(),
    environment: services.identity.environment,
    event_id: record.eventId,
    event_type: 'decision',
    finish_reason: record.finishReason,
    gateway_id: services.identity.gatewayId,
    http_status: record.httpStatus,
    input_tokens: usage.input_tokens,
    latency_gateway_ms: round(Math.max(0, totalMs - record.upstreamMs)),
    latency_total_ms: round(totalMs),
    latency_upstream_ms: round(record.upstreamMs),
    model: model.answered,
    org_id: who.org_id,
    output_hash: record.outputHash,
    output_tokens: usage.output_tokens,
    pack_name: pack.name,
    policy_name: reason.policy_name,
    policy_results: hasDetails ? tallies.map(policyResult) : [],
    prompt_hash: record.promptHash(),
    prompt_redacted: record.promptRedacted,
    provider: target?.provider ?? null,
    reason_code: reason.reason_code,
    reasoning_tokens: usage.reasoning_tokens,
    redactions: places.kept,
    request_id: who.request_id,
    requested_model: model.requested,
    route: record.path,
    schema_version: SCHEMA_VERSION,
    strategy: config.routing.strategy,
    stream: record.stream,
    target_description: target?.description ?? null,
    target_id: target?.id ?? null,
    team_id: who.team_id,
    timestamp: timestampOf(record.startedAt),
    total_tokens: usage.total_tokens,
    truncated: places.count > places.kept.length ? { redactions: places.count } : undefined,
    ttft_ms: record.ttftMs === null ? null : round(record.ttftMs),
    upstream_inference_id: facts.inferenceId ?? null,
    upstream_request_id: facts.requestId ?? null,
    usage_estimated: usage.usage_estimated,
    user_id: who.user_id,
    variant: record.variant ?? null,
    vendor: facts.vendor ?? null,
    verdict,
  };
}

const NO_PLACES = { kept: [], count: 0 } as const;

/** `redaction.include_metadata: false` keeps the places of findings out; their numbers stay in policy_results. */
function keepsPlaces({ config }: Runtime): boolean {
  return config.chain.every(
    (entry) => entry.kind !== 'pii-detector' || entry.settings.redaction.includeMetadata,
  );
}

/** Who the caller is, as events may say it. */
export function identityOf({ services }: Runtime, { caller, key }: ExchangeRecord) {
  const keep = (value: string | undefined): string | null =>
    value === undefined ? null : keepIdentity(value, services.createDigest);
  return {
    request_id: caller.requestId,
    conversation_id: keep(caller.conversationId),
    org_id: keep(caller.orgId),
    team_id: keep(caller.teamId),
    user_id: keep(caller.userId),
    consumer: key?.name ?? null,
    consumer_group: key?.consumerGroup ?? null,
    agent_id: keep(caller.agentId),
  };
}

/** The entry that decided, and its reason; of equals the first. */
function reasonOf(record: ExchangeRecord, verdict: EventVerdict, tallies: readonly Tally[]) {
  const { problem } = record;
  if (record.clientClosed && problem === undefined) {
    return { reason_code: 'client.closed_request', policy_name: null };
  }
  if (problem !== undefined) {
    return {
      reason_code: problem.reasonCode ?? reasonOfCode(problem.code),
      policy_name: problem.policy ?? null,
    };
  }
  const decisive = tallies.find((tally) => tally.mode === 'enforce' && tally.verdict === verdict);
  return verdict === 'allow' || decisive === undefined
    ? { reason_code: 'policy.all_passed', policy_name: null }
    : { reason_code: decisive.reason, policy_name: decisive.kind };
}

const REASONS: Readonly<Record<string, string>> = {
  invalid_api_key: 'auth.invalid_key',
  context_length_exceeded: 'context.too_large',
  upstream_timeout: 'upstream.timeout',
  upstream_error: 'upstream.error',
  rate_limit_exceeded: 'rate_limit.exceeded',
  budget_exceeded: 'budget.exceeded',
  policy_error: 'policy.error',
  audit_unavailable: 'audit.unavailable',
  gateway_disabled: 'gateway.disabled',
  overloaded: 'gateway.overloaded',
  internal_error: 'gateway.internal_error',
  no_target_available: 'upstream.no_target',
};

function reasonOfCode(code: string): string {
  const known = REASONS[code];
  if (known !== undefined) return known;
  return code.startsWith('upstream_') ? `upstream.${code.slice('upstream_'.length)}` : `request.${code}`;
}

/** The model as the caller named it, as events may say it; a name of the configuration may be any text. */
export function requestedModelOf({ config, services }: Runtime, { requestedModel: name }: ExchangeRecord) {
  if (name === null) return null;
  const groups = config.modelGroups.flatMap((group) => [group.name, ...group.aliases]);
  const known = [...groups, ...config.targets.map(({ model }) => model)];
  return known.includes(name) ? name : keepModelName(name, services.createDigest);
}

function modelsOf(runtime: Runtime, record: ExchangeRecord) {
  const { target, facts } = record;
  const requested = requestedModelOf(runtime, record);
  // Upstream may repeat what the caller sent, be it a name or not.
  const named = facts.model === record.requestedModel ? requested : facts.model;
  return { requested, answered: named ?? target?.model ?? requested };
}

function usageOf({ facts, estimatedTokens }: ExchangeRecord) {
  const input = facts.usage?.inputTokens ?? estimatedTokens?.input ?? 0;
  const output = facts.usage?.outputTokens ?? estimatedTokens?.output ?? 0;
  const cached = facts.usage?.cachedTokens ?? 0;
  const reasoning = facts.usage?.reasoningTokens ?? 0;
  const total = facts.usage?.totalTokens ?? input + output;
  return {
    input_tokens: input,
    output_tokens: output,
    cached_tokens: cached,
    reasoning_tokens: reasoning,
    uncounted_reasoning_tokens: Math.min(reasoning, Math.max(0, total - input - output)),
    total_tokens: total,
    usage_estimated: facts.usage === undefined && estimatedTokens !== undefined,
  };
}

function policyResult(tally: Tally): PolicyResult {
  return {
    entities: inOrder(tally.entities),
    kind: tally.kind,
    latency_ms: round(tally.latencyMs),
    mode: tally.mode,
    phase: tally.phase,
    reason_code: tally.reason,
    score: tally.score === null ? null : round(tally.score),
    verdict: tally.verdict,
  };
}

function inOrder(entities: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const found = Object.entries(entities);
  return found.length < 2 ? entities : Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** To microseconds: finer is noise. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
