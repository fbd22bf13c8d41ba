/** What all requests of one running configuration share. */
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Link } from '../policies/chain.ts';
import { createPolicy } from '../policies/index.ts';
import { createStatistics } from '../routing/statistics.ts';
import type { Statistics } from '../routing/statistics.ts';
import type { Services } from '../services.ts';
import { Metrics } from './metrics.ts';
import { createRedactor } from './redact-texts.ts';
import type { RedactTexts } from './redact-texts.ts';

export interface Runtime {
  readonly config: GatewayConfig;
  readonly services: Services;
  readonly links: readonly Link[];
  readonly statistics: Statistics;
  readonly metrics: Metrics;
  /** Present where the configuration asks for captures. */
  readonly redactTexts?: RedactTexts;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export function createRuntime(config: GatewayConfig, services: Services): Runtime {
  const { captureRedactor } = config.audit;
  return {
    config,
    services,
    links: config.chain.map((entry) => ({ entry, policy: createPolicy(entry) })),
    statistics: createStatistics(config.routing),
    metrics: new Metrics(),
    ...(captureRedactor !== undefined && { redactTexts: createRedactor(captureRedactor, services.elapsed) }),
    startedAt: services.now(),
  };
}
