/** Writes the start record of a request, where the configuration asks for evidence that nobody can take back. */
import { SCHEMA_VERSION } from '../audit/decision-event.ts';
import { timestampOf } from '../audit/event-id.ts';
import { startIdOf, type StartEvent } from '../audit/start-event.ts';
import type { Target } from '../config/gateway-config.ts';
import { identityOf, requestedModelOf } from './decision.ts';
import type { Exchange } from './exchange.ts';

/** To be called once a target is being called; does nothing the second time. Never throws, waits for nothing. */
export function recordStart(exchange: Exchange, target: Target): void {
  const { record, runtime } = exchange;
  const { services, config } = runtime;
  if (record.hasStart === true || !config.audit.immutable) return;
  record.hasStart = true;
  services.audit.appendStart?.(startEvent(exchange, target));
}

function startEvent({ record, runtime }: Exchange, target: Target): StartEvent {
  const { config, services } = runtime;
  const { retentionDays: days, immutable } = config.audit;
  const now = services.now();
  const who = identityOf(runtime, record);
  // In the order of canonical JSON, as decision events are.
  return {
    agent_id: who.agent_id,
    audit: {
      expires_at: new Date(record.startedAt + days * 86_400_000).toISOString(),
      immutable,
      retention_days: days,
    },
    chain: undefined,
    config_hash: config.hash,
    config_version: config.pack.version,
    consumer: who.consumer,
    consumer_group: who.consumer_group,
    conversation_id: who.conversation_id,
    decision_id: record.eventId,
    environment: services.identity.environment,
    event_id: startIdOf(record.eventId),
    event_type: 'start',
    gateway_id: services.identity.gatewayId,
    org_id: who.org_id,
    pack_name: config.pack.name,
    prompt_hash: record.promptHash(),
    provider: target.provider,
    request_id: who.request_id,
    requested_model: requestedModelOf(runtime, record),
    route: record.path,
    schema_version: SCHEMA_VERSION,
    stream: record.stream,
    target_id: target.id,
    team_id: who.team_id,
    timestamp: timestampOf(now),
    user_id: who.user_id,
  };
}
