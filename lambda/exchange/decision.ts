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

export function decisionEvent(runtime: Runtime, record: ExchangeRecord): DecisionEvent {
  const { config, services } = runtime;
  const { audit, pack, routing } = config;
  const verdict = verdictOf(record);
  const totalMs = services.elapsed() - record.started;
  const hasDetails = audit.logAllAccess || verdict !== 'allow';
  const tallies = talliesOf(record);
  return {
    event_id: record.eventId,
    event_type: 'decision',
    schema_version: SCHEMA_VERSION,
    timestamp: timestampOf(record.startedAt),
    ...identityOf(runtime, record),
    gateway_id: services.identity.gatewayId,
    environment: services.identity.environment,
    pack_name: pack.name,
    config_version: pack.version,
    config_hash: config.hash,
    verdict,
    ...reasonOf(record, verdict, tallies),
    degraded: record.chain?.isDegraded === true || services.circuits.isDegraded(),
    ...targetOf(runtime, record),
    route: record.path,
    strategy: routing.strategy,
    variant: record.variant ?? null,
    attempts: hasDetails ? record.attempts : [],
    stream: record.stream,
    http_status: record.httpStatus,
    finish_reason: record.finishReason,
    ...usageOf(record),
    latency_total_ms: round(totalMs),
    latency_upstream_ms: round(record.upstreamMs),
    latency_gateway_ms: round(Math.max(0, totalMs - record.upstreamMs)),
    ttft_ms: record.ttftMs === null ? null : round(record.ttftMs),
    policy_results: hasDetails ? tallies.map(policyResult) : [],
    ...(hasDetails && keepsPlaces(runtime) ? placesOf(record) : { redactions: [] }),
    prompt_hash: record.promptHash(),
    prompt_redacted: record.promptRedacted,
    output_hash: record.outputHash,
    client_closed: record.clientClosed,
    audit: {
      immutable: audit.immutable,
      retention_days: audit.retentionDays,
      expires_at: new Date(record.startedAt + audit.retentionDays * DAY_MS).toISOString(),
    },
  };
}

/** `redaction.include_metadata: false` keeps the places of findings out; their numbers stay in policy_results. */
function keepsPlaces({ config }: Runtime): boolean {
  return config.chain.every(
    (entry) => entry.kind !== 'pii-detector' || entry.settings.redaction.includeMetadata,
  );
}

function placesOf({ places: { kept, count } }: ExchangeRecord) {
  return { redactions: kept, ...(count > kept.length && { truncated: { redactions: count } }) };
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
  const blocked_phase = record.blockedPhase;
  if (record.clientClosed && problem === undefined) {
    return { reason_code: 'client.closed_request', blocked_phase, policy_name: null };
  }
  if (problem !== undefined) {
    return {
      reason_code: problem.reasonCode ?? reasonOfCode(problem.code),
      blocked_phase,
      policy_name: problem.policy ?? null,
    };
  }
  const decisive = tallies.find((tally) => tally.mode === 'enforce' && tally.verdict === verdict);
  return verdict === 'allow' || decisive === undefined
    ? { reason_code: 'policy.all_passed', blocked_phase, policy_name: null }
    : { reason_code: decisive.reason, blocked_phase, policy_name: decisive.kind };
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

function targetOf(runtime: Runtime, record: ExchangeRecord) {
  const { target, facts } = record;
  const requested_model = requestedModelOf(runtime, record);
  // Upstream may repeat what the caller sent, be it a name or not.
  const answered = facts.model === record.requestedModel ? requested_model : facts.model;
  return {
    target_id: target?.id ?? null,
    target_description: target?.description ?? null,
    provider: target?.provider ?? null,
    requested_model,
    model: answered ?? target?.model ?? requested_model,
    vendor: facts.vendor ?? null,
    upstream_request_id: facts.requestId ?? null,
    upstream_inference_id: facts.inferenceId ?? null,
  };
}

function usageOf(record: ExchangeRecord) {
  const { facts, estimatedTokens, target } = record;
  const input = facts.usage?.inputTokens ?? estimatedTokens?.input ?? 0;
  const output = facts.usage?.outputTokens ?? estimatedTokens?.output ?? 0;
  const cached = facts.usage?.cachedTokens ?? 0;
  const reasoning = facts.usage?.reasoningTokens ?? 0;
  const total = facts.usage?.totalTokens ?? input + output;
  const cost = costOf({
    usage: {
      input_tokens: input,
      output_tokens: output,
      cached_tokens: cached,
      uncounted_reasoning_tokens: Math.min(reasoning, Math.max(0, total - input - output)),
    },
    pricing: target?.pricing,
    providerCostUsd: facts.costUsd,
  });
  return {
    input_tokens: input,
    output_tokens: output,
    cached_tokens: cached,
    reasoning_tokens: reasoning,
    total_tokens: total,
    usage_estimated: facts.usage === undefined && estimatedTokens !== undefined,
    ...cost,
  };
}

function policyResult(tally: Tally): PolicyResult {
  return {
    kind: tally.kind,
    phase: tally.phase,
    mode: tally.mode,
    verdict: tally.verdict,
    reason_code: tally.reason,
    score: tally.score === null ? null : round(tally.score),
    latency_ms: round(tally.latencyMs),
    entities: tally.entities,
  };
}

/** To microseconds: finer is noise. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
