/** A gateway whose evidence, start records included, is kept as it was handed over. */
import { onTestFinished } from 'vitest';
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import type { StartEvent } from '../../lambda/audit/start-event.ts';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { aGateway } from './a-gateway.ts';

/** Closed when the test is over. */
export function aRecordingGateway(config: GatewayConfig, changes: Parameters<typeof aGateway>[1] = {}) {
  const written: (StartEvent | DecisionEvent)[] = [];
  const gateway = aGateway(config, {
    audit: {
      appendStart: (event) => void written.push(event),
      append: async (event) => void written.push(event),
      close: async () => undefined,
    },
    ...changes,
  });
  onTestFinished(() => gateway.close());
  return { gateway, written, types: () => written.map(({ event_type: type }) => type) };
}
