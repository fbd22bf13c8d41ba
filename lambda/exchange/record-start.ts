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
  return {
    event_id: startIdOf(record.eventId),
    event_type: 'start',
    schema_version: SCHEMA_VERSION,
    timestamp: timestampOf(now),
    decision_id: record.eventId,
    ...identityOf(runtime, record),
    gateway_id: services.identity.gatewayId,
    environment: services.identity.environment,
    pack_name: config.pack.name,
    config_version: config.pack.version,
    config_hash: config.hash,
    target_id: target.id,
    provider: target.provider,
    requested_model: requestedModelOf(runtime, record),
    route: record.path,
    stream: record.stream,
    prompt_hash: record.promptHash(),
    audit: {
      immutable,
      retention_days: days,
      expires_at: new Date(record.startedAt + days * 86_400_000).toISOString(),
    },
  };
}
