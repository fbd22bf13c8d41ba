/** The configuration that the simulated gateways run with: the defaults, and one or two targets. */
import type { GatewayConfig, Target } from '../../lambda/config/gateway-config.ts';

export type SimulatedConfig = Pick<
  GatewayConfig,
  'targets' | 'modelGroups' | 'routing' | 'fallback' | 'retry' | 'circuitBreaker'
>;

/** Target `a`, and with fallback target `b` behind it. */
export function simulatedConfig(hasFallback: boolean): SimulatedConfig {
  return {
    targets: hasFallback ? [target('a'), target('b')] : [target('a')],
    modelGroups: [],
    routing: { strategy: 'ordered', windowMs: 300_000, minSampleCount: 5 },
    fallback: {
      enabled: hasFallback,
      triggers: ['rate_limit', 'server_error', 'timeout', 'connection_error'],
      maxAttempts: 3,
      firstTokenTimeoutMs: 20_000,
    },
    retry: { maxRetries: 1, backoffMs: 200, maxBackoffMs: 2_000 },
    circuitBreaker: {
      enabled: true,
      failureThreshold: 5,
      windowMs: 30_000,
      cooldownMs: 30_000,
      maxCooldownMs: 300_000,
      halfOpenMaxRequests: 1,
    },
  };
}

function target(id: string): Target {
  return {
    id,
    provider: 'aimlapi',
    baseUrl: 'https://api.aimlapi.com/v1',
    secret: { env: 'AIMLAPI_KEY' },
    timeoutMs: 60_000,
    streamTimeoutMs: 60_000,
    weight: 1,
    healthProbe: { enabled: false, intervalMs: 30_000, timeoutMs: 5_000 },
  };
}
