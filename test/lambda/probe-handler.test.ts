/** The function of the health probes as it is bundled, against DynamoDB and an upstream on this machine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAimlapiUpstream, type AimlapiUpstream } from '../../bin/upstream/aimlapi-upstream.ts';
import { ENVIRONMENT_NAMES, readProbeEnvironment } from '../../lambda/config/environment.ts';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import type { CircuitViews } from '../../lambda/routing/availability.ts';
import { DynamoDbCircuitTable } from '../../lambda/state/dynamodb-circuit-table.ts';
import { bundleFunction } from '../../lib/function-bundle.ts';
import { aConfig, ENTITY_FREE_CHAIN } from '../support/a-gateway.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { type LocalDynamoDb, startDynalite } from '../support/dynalite.ts';

type Handler = (event: unknown) => Promise<void>;

function isEntry(module: unknown): module is { readonly handler: Handler } {
  return typeof module === 'object' && module !== null && 'handler' in module;
}

let upstream: AimlapiUpstream;
let dynamoDb: LocalDynamoDb;
let aws: AwsStub;
let config: GatewayConfig;
let handler: Handler;
let log: string[];
let folder: string;

const probesOf = (url: string): string => `
providers:
  targets:
    - {id: here, provider: aimlapi, base_url: "${url}", health_probe: {enabled: true, interval_seconds: 10}}
    - {id: gone, provider: aimlapi, base_url: "http://127.0.0.1:9/v1", health_probe: {enabled: true, interval_seconds: 10}}
    - {id: quiet, provider: aimlapi, base_url: "${url}"}
`;

beforeAll(async () => {
  [upstream, dynamoDb, aws] = await Promise.all([
    startAimlapiUpstream(),
    startDynalite(),
    startAwsStub({ upstream: JSON.stringify({ AIMLAPI_KEY: 'key-of-the-secret' }) }),
  ]);
  await dynamoDb.createTable('circuits', 'id');
  config = aConfig(probesOf(upstream.url) + ENTITY_FREE_CHAIN);
  const environment = {
    [ENVIRONMENT_NAMES.circuitTable]: 'circuits',
    [ENVIRONMENT_NAMES.upstreamSecret]: 'upstream',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  folder = await mkdtemp(join(tmpdir(), 'probes-'));
  bundleFunction('probe-handler', config, folder);
  const entry: unknown = await import(pathToFileURL(join(folder, 'probe-handler.mjs')).href);
  if (!isEntry(entry)) throw new Error('the bundle exports no handler');
  ({ handler } = entry);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([upstream.close(), dynamoDb.close(), aws.close(), rm(folder, { recursive: true })]);
});
beforeEach(() => {
  log = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  return () => write.mockRestore();
});

/** A minute that is over: what was due in it is made up for at once. */
const pastMinute = (): unknown => ({ time: new Date(Date.now() - 60_000).toISOString() });

const known = async (): Promise<CircuitViews> => {
  const table = new DynamoDbCircuitTable('circuits', config.circuitBreaker, dynamoDb.client);
  return (await table.read(config.targets.map(({ id }) => id))).views;
};

describe('the function of the health probes', () => {
  it('writes what it saw into the table, and only of the targets that want it', async () => {
    await handler(pastMinute());
    expect(await known()).toEqual(
      new Map([
        ['here', expect.objectContaining({ health: expect.objectContaining({ failures: 0 }) as unknown })],
        ['gone', expect.objectContaining({ health: expect.objectContaining({ failures: 1 }) as unknown })],
      ]),
    );
    expect(log.join('')).toContain(
      '"message":"a health probe failed","target":"gone","reason":"ECONNREFUSED"',
    );
  });

  it('asks with the key of the secret', () => {
    expect(upstream.requests).toMatchObject([
      { method: 'GET', path: '/v1/models', headers: { authorization: 'Bearer key-of-the-secret' } },
    ]);
  });

  it('counts failures on from one minute to the next', async () => {
    await handler(pastMinute());
    const failures = (await known()).get('gone')?.health?.failures;
    expect(failures).toBeGreaterThanOrEqual(2);
    // Known to be failing: told once, not every minute. A slow table may have been told of besides.
    expect(log.join('')).not.toContain('a health probe failed');
  });

  it('takes up the failures that another environment has counted', async () => {
    const table = new DynamoDbCircuitTable('circuits', config.circuitBreaker, dynamoDb.client);
    const now = Date.now();
    await table.writeHealth('gone', { failures: 40, lastProbeAt: now, latencyMs: 1 }, now);
    // The snapshot of this environment is fresh for two seconds at most.
    vi.useFakeTimers({ toFake: ['performance'], now });
    vi.advanceTimersByTime(60_000);
    await handler(pastMinute());
    vi.useRealTimers();
    expect((await known()).get('gone')).toMatchObject({ health: { failures: 41 } });
  });
});

describe('its environment', () => {
  it('is told missing by name', () => {
    expect(() => readProbeEnvironment({ [ENVIRONMENT_NAMES.circuitTable]: 't' })).toThrow(
      /lacks KEEPTRUSTS_UPSTREAM_SECRET: deploy/,
    );
  });

  it('needs no more than the table and the secret', () => {
    const variables = {
      [ENVIRONMENT_NAMES.circuitTable]: 't',
      [ENVIRONMENT_NAMES.upstreamSecret]: 's',
    };
    expect(readProbeEnvironment(variables)).toEqual({ circuitTable: 't', upstreamSecret: 's' });
  });
});
