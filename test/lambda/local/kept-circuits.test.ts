import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAimlapiUpstream, type AimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { GatewayConfig } from '../../../lambda/config/gateway-config.ts';
import { keepCircuits, type KeptCircuits } from '../../../lambda/local/kept-circuits.ts';
import { aConfig, aGateway, ENTITY_FREE_CHAIN, targetsAt } from '../../support/a-gateway.ts';
import { startDynalite, type LocalDynamoDb } from '../../support/dynalite.ts';

const UPSTREAM = 'http://127.0.0.1:9/v1';

function configOf(providers = '', more = ''): GatewayConfig {
  return aConfig(targetsAt(UPSTREAM, ['gpt-4o'], providers) + ENTITY_FREE_CHAIN + more);
}

function kept(owner = 'one'): KeptCircuits & { readonly log: string[] } {
  const log: string[] = [];
  const circuits = keepCircuits({
    now: Date.now,
    // Stands still: a slow machine must not make the table look slow.
    elapsed: () => 0,
    random: () => 0.5,
    owner,
    log: (level, message, fields) => void log.push(`${level} ${message} ${JSON.stringify(fields)}`),
  });
  return { ...circuits, log };
}

const SHARED = 'state: {dynamodb: {table: circuits}}\n';
const OTHER_TARGET = aConfig(targetsAt(UPSTREAM, ['a', 'b']) + ENTITY_FREE_CHAIN);
const OTHER_TARGET_SHARED = aConfig(targetsAt(UPSTREAM, ['a', 'b']) + ENTITY_FREE_CHAIN + SHARED);
const OTHER_BREAKER = configOf(', circuit_breaker: {failure_threshold: 9}');

describe('the circuits of a gateway on this machine', () => {
  it.each([
    ['the same configuration', configOf(), configOf(), true],
    ['other targets', configOf(), OTHER_TARGET, true],
    ['another breaker', configOf(), OTHER_BREAKER, false],
    ['the same table', configOf('', SHARED), configOf('', SHARED), true],
    ['another table', configOf('', SHARED), configOf('', SHARED.replace('circuits', 'other')), false],
    ['a table instead of memory', configOf(), configOf('', SHARED), false],
    ['other targets in the table', configOf('', SHARED), OTHER_TARGET_SHARED, false],
  ])('with %s are kept or not', (_, before, after, isKept) => {
    const circuits = kept();
    expect(circuits.storeFor(before) === circuits.storeFor(after)).toBe(isKept);
  });

  it('are in memory, and need nobody, where the file names no table', async () => {
    const circuits = kept();
    const store = circuits.storeFor(configOf());
    store.report('t1', { kind: 'success' });
    await Promise.all([circuits.warmUp(), circuits.settled()]);
    expect(store.isDegraded()).toBe(false);
    expect(circuits.log).toEqual([]);
  });

  it('say where they are shared', () => {
    const circuits = kept();
    circuits.storeFor(configOf('', SHARED));
    expect(circuits.log).toEqual(['info circuits are shared through a DynamoDB table {"table":"circuits"}']);
  });
});

describe('two gateways with one table', () => {
  let dynamoDb: LocalDynamoDb;
  let upstream: AimlapiUpstream;
  beforeAll(async () => {
    [dynamoDb, upstream] = await Promise.all([startDynalite(), startAimlapiUpstream()]);
    await dynamoDb.createTable('circuits', 'id');
  });
  afterAll(() => Promise.all([dynamoDb.close(), upstream.close()]));
  beforeEach(() => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    return () => vi.unstubAllEnvs();
  });

  const ask = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] };
  const FRAGILE = ', circuit_breaker: {failure_threshold: 1}, retry: {max_retries: 0}';

  it('share a circuit that one of them opened, and what its probes saw', async () => {
    const broken = upstream.faultUrl('refuse/B/500');
    const config = aConfig(targetsAt(broken, ['gpt-4o'], FRAGILE) + ENTITY_FREE_CHAIN + SHARED);
    const [circuitsHere, circuitsThere] = [kept('here'), kept('there')];
    const here = aGateway(config, { circuits: circuitsHere.storeFor(config) });
    const there = aGateway(config, { circuits: circuitsThere.storeFor(config) });

    expect((await here.post('/v1/chat/completions', ask)).status).toBe(502);
    here.services.circuits.reportHealth('t1', { ok: false, latencyMs: 7, reason: 'status 500' });
    await circuitsHere.settled();
    const calls = upstream.requests.length;
    there.services.circuits.views();
    await circuitsThere.settled();
    const refused = await there.post('/v1/chat/completions', ask);

    expect(refused).toMatchObject({ status: 503, json: { error: { code: 'no_target_available' } } });
    expect(upstream.requests).toHaveLength(calls);
    expect(there.services.circuits.views().get('t1')).toMatchObject({
      circuit: { state: 'open' },
      health: { failures: 1, latencyMs: 7 },
    });
    await Promise.all([here.close(), there.close(), circuitsHere.settled(), circuitsThere.settled()]);
  });

  it('go on alone, and say so, where the table is not there', async () => {
    const config = aConfig(
      targetsAt(upstream.url) + ENTITY_FREE_CHAIN + SHARED.replace('circuits', 'missing'),
    );
    const circuits = kept();
    const gateway = aGateway(config, { circuits: circuits.storeFor(config) });
    await circuits.warmUp();
    await circuits.settled();
    expect((await gateway.post('/v1/chat/completions', ask)).status).toBe(200);
    expect(gateway.events).toMatchObject([{ degraded: true, verdict: 'allow' }]);
    expect(circuits.log.at(-1)).toContain('"degraded":true,"reason":"ResourceNotFoundException"');
    await gateway.close();
    await circuits.settled();
  });
});
