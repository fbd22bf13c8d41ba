/** The health probes of the deployed gateway: what EventBridge starts once a minute, told to the circuits' table. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProbeEnvironment } from './config/environment.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import { isMapping, textOf } from './config/tree.ts';
import { beatsOfMinute, probeForAMinute, type MinuteOptions } from './probes/probe-minute.ts';
import type { Log } from './services.ts';
import { createDynamoDbCircuitStore } from './state/dynamodb-circuit-store.ts';
import { lazily } from './state/lazily.ts';
import { SecretsManagerSource } from './state/secrets-manager-source.ts';

export interface AwsProbesOptions {
  readonly config: GatewayConfig;
  readonly environment: ProbeEnvironment;
  readonly log: Log;
}

/**
 * Gives the handler; region, credentials and endpoints come from the environment. It resolves when the minute's
 * probes are over and the table was told of them; without a probe that is due it calls nobody.
 */
export function createProbeHandler(options: AwsProbesOptions): (event: unknown) => Promise<void> {
  const { targets } = options.config;
  const services = openServices(options);
  const { circuits } = services;
  return async (event) => {
    const beats = beatsOfMinute(targets, minuteOf(event, services.now()));
    if (beats.length === 0) return;
    // A first failure after others is their successor: what the table knows must be known before it is counted.
    await circuits.warmUp();
    await circuits.settled();
    await probeForAMinute(beats, { services, wait });
    await circuits.settled();
  };
}

function openServices({ config, environment, log }: AwsProbesOptions): MinuteOptions['services'] {
  const now = Date.now;
  const elapsed = (): number => performance.now();
  const random = Math.random;
  const reader = lazily(async () => (await import('./state/secrets-manager-client.ts')).secretReader());
  const upstream = lazily(async () => (await import('./upstream/undici-call.ts')).createUndiciCall());
  const secret = environment.upstreamSecret;
  return {
    now,
    elapsed,
    random,
    log,
    secrets: new SecretsManagerSource({
      fetchText: async () => (await reader())(secret),
      now,
      onFailure: (problem) => log('error', 'a secret could not be read', { secret, problem }),
    }),
    callUpstream: async (request) => (await upstream()).call(request),
    circuits: createDynamoDbCircuitStore({
      tableName: environment.circuitTable,
      targets: config.targets,
      settings: config.circuitBreaker,
      now,
      elapsed,
      random,
      owner: `probes-${randomUUID()}`,
      onDegraded: (isDegraded, reason) => log('warn', 'shared circuits', { isDegraded, reason }),
    }),
  };
}

/** The minute that the schedule means, which may have come late; never one that is yet to begin. */
function minuteOf(event: unknown, now: number): number {
  const time = isMapping(event) ? Date.parse(textOf(event['time']) ?? '') : Number.NaN;
  return Number.isNaN(time) ? now : Math.min(time, now);
}
