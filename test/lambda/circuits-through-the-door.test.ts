/** Circuits, rests and health probes as a caller meets them, with the time of day in the test's hand. */
import { describe, expect, it } from 'vitest';
import { aTarget } from './routing/support.ts';
import { probeAndReport } from '../../lambda/probes/probe-and-report.ts';
import type { ProbeReport } from '../../lambda/routing/health.ts';
import type { TestGateway } from '../support/a-gateway.ts';
import { ask, routedGateways, targetOf } from '../support/routed-gateways.ts';

const world = routedGateways();
const { calledIn, failures, oneByOne, open } = world;

const BREAKER = 'circuit_breaker: {failure_threshold: 3, cooldown_seconds: 10, max_cooldown_seconds: 40}';
const SECOND = 1_000;

/** A gateway whose first target has just been found down three times. */
async function withOpenCircuit(targets = ['a', 'b']): Promise<TestGateway> {
  const gateway = open(targets, BREAKER);
  failures.set('a', { status: 500 });
  for (let index = 0; index < 3; index += 1) await ask(gateway);
  return gateway;
}

const circuitOf = (gateway: TestGateway, id = 'a'): string | undefined =>
  gateway.services.circuits.views().get(id)?.circuit.state;

describe('a circuit', () => {
  it('opens at the threshold and not before', async () => {
    const gateway = open(['a', 'b'], BREAKER);
    failures.set('a', { status: 500 });
    const called = await calledIn(async () => {
      for (let index = 0; index < 6; index += 1) expect((await ask(gateway)).status).toBe(200);
    });
    expect(called).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'b', 'b', 'b']);
    expect(circuitOf(gateway)).toBe('open');
  });

  it.each([400, 401, 404, 422])('does not open for answers of status %i', async (status) => {
    const gateway = open(['a'], BREAKER);
    failures.set('a', { status });
    for (let index = 0; index < 5; index += 1) await ask(gateway);
    expect(circuitOf(gateway) ?? 'closed').toBe('closed');
  });

  it('lets no request through until its cooldown is over', async () => {
    const gateway = await withOpenCircuit();
    failures.clear();
    world.time += 10 * SECOND - 1;
    expect(await calledIn(() => ask(gateway))).toEqual(['b']);
    world.time += 1;
    expect(await calledIn(() => ask(gateway))).toEqual(['a']);
  });

  it('lets one probe through, whoever else comes, and serves again when it succeeds', async () => {
    const gateway = await withOpenCircuit();
    failures.clear();
    world.time += 10 * SECOND;
    let release: () => void = () => undefined;
    world.held = new Promise((resolve) => (release = resolve));
    const called = await calledIn(async () => {
      const replies = await oneByOne(Array.from({ length: 5 }, () => () => ask(gateway)));
      expect(circuitOf(gateway)).toBe('half-open');
      release();
      expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    });
    expect(called).toEqual(['a', 'b', 'b', 'b', 'b']);
    expect(circuitOf(gateway)).toBe('closed');
    expect(await calledIn(() => Promise.all([ask(gateway), ask(gateway)]))).toEqual(['a', 'a']);
  });

  it('rests twice as long after each failed probe, up to the longest', async () => {
    const gateway = await withOpenCircuit();
    for (const seconds of [10, 20, 40, 40]) {
      world.time += seconds * SECOND - 1;
      expect(await calledIn(() => ask(gateway))).toEqual(['b']);
      world.time += 1;
      expect(await calledIn(() => ask(gateway))).toEqual(['a', 'b']);
    }
  });

  it('forgets failures that lie further back than the window', async () => {
    const gateway = open(['a'], `${BREAKER.slice(0, -1)}, window_seconds: 30}`);
    failures.set('a', { status: 500 });
    for (let index = 0; index < 4; index += 1) {
      await ask(gateway);
      world.time += 16 * SECOND;
    }
    expect(circuitOf(gateway) ?? 'closed').toBe('closed');
  });

  it('that is the only one answers 503 with the time until the probe', async () => {
    const gateway = await withOpenCircuit(['a']);
    world.time += 4 * SECOND;
    expect(await ask(gateway)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '6' },
      json: { error: { code: 'no_target_available' } },
    });
    expect(gateway.events.at(-1)).toMatchObject({ http_status: 503, target_id: null, attempts: [] });
  });

  it('is shown in /health and in both kinds of metrics', async () => {
    const gateway = await withOpenCircuit();
    expect((await gateway.get('/health')).json).toMatchObject({
      status: 'degraded',
      providers: { a: { circuit: 'open' }, b: { circuit: 'closed' } },
    });
    expect((await gateway.get('/keeptrusts/providers/metrics')).json).toMatchObject({
      providers: { a: { circuit: 'open', errors: 3 }, b: { circuit: 'closed' } },
    });
    expect((await gateway.get('/metrics')).text).toContain('keeptrusts_gateway_circuit_open{target="a"} 1');
  });
});

describe('a 429', () => {
  it.each([
    ['for as long as Retry-After says', { 'retry-after': '7' }, [7]],
    ['for five seconds without one, then ten', {}, [5, 10]],
  ])('rests its target %s', async (_, headers, seconds) => {
    const gateway = open(['a', 'b']);
    failures.set('a', { status: 429, headers });
    expect(await calledIn(() => ask(gateway))).toEqual(['a', 'b']);
    for (const rest of seconds) {
      world.time += rest * SECOND - 1;
      expect(await calledIn(() => ask(gateway))).toEqual(['b']);
      world.time += 1;
      expect(await calledIn(() => ask(gateway))).toEqual(['a', 'b']);
    }
    expect(circuitOf(gateway) ?? 'closed').toBe('closed');
  });

  it('of the only target goes to the caller, and so does the rest after it', async () => {
    const gateway = open(['a']);
    failures.set('a', { status: 429, headers: { 'retry-after': '30' } });
    expect(await ask(gateway)).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    world.time += 10 * SECOND;
    const resting = await ask(gateway);
    expect([resting.status, resting.headers['retry-after']]).toEqual([503, '20']);
  });
});

describe('failing health probes', () => {
  const PROBED = 'health_probe: {enabled: true, interval_seconds: 30}';
  const report = (gateway: TestGateway, id: string, ok: boolean): void => {
    const seen: ProbeReport = ok ? { ok, latencyMs: 5 } : { ok, latencyMs: 5, reason: 'ECONNREFUSED' };
    gateway.services.circuits.reportHealth(id, seen);
  };

  it('pass a target over from the second on, until one succeeds', async () => {
    const gateway = open([`a | ${PROBED}`, 'b']);
    report(gateway, 'a', false);
    expect(targetOf(await ask(gateway))).toBe('a');
    report(gateway, 'a', false);
    expect(await calledIn(() => ask(gateway))).toEqual(['b']);
    expect((await gateway.get('/health')).json).toMatchObject({
      status: 'degraded',
      providers: { a: { state: 'unreachable', latency_ms: 5 }, b: { state: 'unknown' } },
    });
    expect((await gateway.get('/keeptrusts/providers/metrics')).json).toMatchObject({
      providers: { a: { state: 'unreachable' }, b: { state: 'unknown' } },
    });
    const { text } = await gateway.get('/metrics');
    expect(text.match(/^keeptrusts_gateway_target_reachable.*/gm)).toEqual([
      'keeptrusts_gateway_target_reachable{target="a"} 0',
    ]);
    report(gateway, 'a', true);
    expect(targetOf(await ask(gateway))).toBe('a');
  });

  it('leave a target as the last resort', async () => {
    const gateway = open([`a | ${PROBED}`, `b | ${PROBED}`]);
    for (const id of ['a', 'b', 'a', 'b']) report(gateway, id, false);
    expect(targetOf(await ask(gateway))).toBe('a');
    report(gateway, 'b', true);
    failures.set('b', { status: 500 });
    expect(await calledIn(() => ask(gateway))).toEqual(['b', 'a']);
  });

  it('are no news any more when the prober has died', async () => {
    const gateway = open([`a | ${PROBED}`, 'b']);
    report(gateway, 'a', false);
    report(gateway, 'a', false);
    world.time += 120 * SECOND;
    expect(targetOf(await ask(gateway))).toBe('b');
    world.time += 1;
    expect(targetOf(await ask(gateway))).toBe('a');
  });

  it('come from real probes of what is not there', async () => {
    const gateway = open([`a | ${PROBED}`, 'b']);
    const gone = aTarget('a', {
      baseUrl: 'http://127.0.0.1:9/v1',
      healthProbe: { enabled: true, intervalMs: 30_000, timeoutMs: 5_000 },
    });
    await probeAndReport(gone, gateway.services);
    await probeAndReport(gone, gateway.services);
    expect(targetOf(await ask(gateway))).toBe('b');
    const [here] = gateway.config.targets;
    if (here !== undefined) await probeAndReport(here, gateway.services);
    expect(targetOf(await ask(gateway))).toBe('a');
  });
});
