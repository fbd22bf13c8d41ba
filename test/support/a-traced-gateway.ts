/** A gateway for tests that traces, as the local run does. */
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import type { Variables } from '../../lambda/config/local-environment.ts';
import { readTracingSettings } from '../../lambda/config/tracing-settings.ts';
import type { Services } from '../../lambda/services.ts';
import { openTracing, type OpenedTracing, type TracingOptions } from '../../lambda/tracing/open-tracing.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';

export interface TracedGateway extends TestGateway {
  readonly opened: OpenedTracing;
}

export interface TracedGatewayOptions {
  readonly variables: Variables;
  readonly tracing?: Partial<TracingOptions>;
  readonly services?: Partial<Services>;
}

export async function aTracedGateway(
  config: GatewayConfig,
  { variables, tracing, services }: TracedGatewayOptions,
): Promise<TracedGateway> {
  const lines: string[] = [];
  const opened = openTracing(readTracingSettings(variables), {
    scheme: 'http',
    version: '1.2.3',
    environment: 'test',
    sendsOnFlush: false,
    elapsed: () => performance.now(),
    log: (level, message, fields) => void lines.push(JSON.stringify({ level, message, ...fields })),
    ...tracing,
  });
  if (opened === undefined) throw new Error(`tracing is not asked for: ${lines.join(' ')}`);
  await opened.load();
  const gateway = aGateway(config, { tracing: opened.tracing, ...services });
  return {
    ...gateway,
    opened,
    log: lines,
    close: async () => {
      await Promise.all([gateway.close(), opened.close()]);
    },
  };
}
