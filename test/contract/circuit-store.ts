/** What every circuit store promises, whatever it keeps its circuits in. */
import { describe, expect, it } from 'vitest';
import type { CircuitBreaker } from '../../lambda/config/gateway-config.ts';
import { availabilityOf, type Availability } from '../../lambda/routing/availability.ts';
import { LEASE_MS, type Probe } from '../../lambda/routing/circuit.ts';
import { reachability } from '../../lambda/routing/health.ts';
import type { Outcome } from '../../lambda/routing/outcome.ts';
import type { CircuitStore } from '../../lambda/state/circuit-store.ts';
import { BREAKER, NOW } from '../lambda/routing/support.ts';

/** Two gateways over the same circuits; where nothing is shared they are one and the same. */
export interface TwoGateways {
  readonly here: CircuitStore;
  readonly there: CircuitStore;
}

/** Opens them on circuits of their own, of the targets `a` and `b`. */
export type OpenTwoGateways = (settings: CircuitBreaker, now: () => number) => Promise<TwoGateways>;

const FAILURE: Outcome = { kind: 'http_error', status: 503 };
const SUCCESS: Outcome = { kind: 'success' };
const TARGET = 'a';
const COOLDOWN = BREAKER.cooldownMs;

/** After so long every gateway has looked at what the others did. */
const A_LOOK = 2_001;

interface World extends TwoGateways {
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly fail: (store: CircuitStore, times: number) => Promise<void>;
  readonly probe: (store: CircuitStore) => Promise<Probe>;
  readonly report: (store: CircuitStore, outcome: Outcome, probe?: Probe) => Promise<void>;
  readonly availability: (store: CircuitStore) => Availability['kind'];
}

async function createWorld(open: OpenTwoGateways, settings: CircuitBreaker): Promise<World> {
  let now = NOW;
  const gateways = await open(settings, () => now);
  const report = async (store: CircuitStore, outcome: Outcome, probe?: Probe): Promise<void> => {
    store.report(TARGET, outcome, probe);
    await store.settled();
  };
  return {
    ...gateways,
    report,
    pass: async (milliseconds) => {
      now += milliseconds;
      for (const store of [gateways.here, gateways.there]) {
        store.views();
        await store.settled();
      }
    },
    fail: async (store, times) => {
      for (let count = 0; count < times; count += 1) await report(store, FAILURE);
    },
    probe: async (store) => {
      const probe = await store.claimProbe(TARGET);
      if (probe === undefined) throw new Error('the probe was not granted');
      return probe;
    },
    availability: (store) => availabilityOf(store.views().get(TARGET), now, settings).kind,
  };
}

/** Registers the suite for one kind of store. */
export function describeCircuitStore(name: string, open: OpenTwoGateways): void {
  const world = (settings: Partial<CircuitBreaker> = {}): Promise<World> =>
    createWorld(open, { ...BREAKER, ...settings });

  /** Open everywhere, and just due for a probe. */
  const dueWorld = async (settings: Partial<CircuitBreaker> = {}): Promise<World> => {
    const due = await world(settings);
    await due.fail(due.here, BREAKER.failureThreshold);
    await due.pass(COOLDOWN);
    return due;
  };

  describe(`${name}: a circuit`, () => {
    it('is closed at first', async () => {
      const { here, availability } = await world();
      expect(availability(here)).toBe('ready');
      expect(await here.claimProbe(TARGET)).toBeUndefined();
    });

    it('opens with the threshold, at once for the gateway that saw the failures', async () => {
      const { here, fail, availability } = await world();
      await fail(here, 4);
      expect(availability(here)).toBe('ready');
      here.report(TARGET, FAILURE);
      expect(availability(here)).toBe('open');
    });

    it('is open for the others as soon as they look', async () => {
      const { here, there, fail, pass, availability } = await world();
      await fail(here, 5);
      await pass(A_LOOK);
      expect(availability(there)).toBe('open');
    });

    it('opens on failures that are few for each gateway and enough for all', async () => {
      const { here, there, fail, pass, availability } = await world();
      await fail(here, 3);
      await fail(there, 2);
      expect(availability(there)).toBe('open');
      await pass(A_LOOK);
      expect(availability(here)).toBe('open');
    });

    it('stays closed when the failures lie farther apart than the window', async () => {
      const { here, fail, pass, availability } = await world();
      await fail(here, 4);
      await pass(BREAKER.windowMs + 10_000);
      await fail(here, 4);
      expect(availability(here)).toBe('ready');
    });

    it('is not opened by answers that blame the request', async () => {
      const { here, report, availability } = await world();
      for (let count = 0; count < 9; count += 1) await report(here, { kind: 'http_error', status: 400 });
      expect(availability(here)).toBe('ready');
    });

    it('leaves the other targets alone', async () => {
      const { here, fail } = await world();
      await fail(here, 5);
      expect(availabilityOf(here.views().get('b'), NOW, BREAKER).kind).toBe('ready');
    });

    it('never opens when the breaker is off', async () => {
      const { here, fail, availability } = await world({ enabled: false });
      await fail(here, 20);
      expect(availability(here)).toBe('ready');
      expect(here.views().get(TARGET)?.circuit.state ?? 'closed').toBe('closed');
    });

    it('is not probed before its cooldown is over', async () => {
      const { here, fail, pass, availability } = await world();
      await fail(here, 5);
      await pass(COOLDOWN - 1);
      expect(availability(here)).toBe('open');
      expect(await here.claimProbe(TARGET)).toBeUndefined();
    });
  });

  describe(`${name}: a probe`, () => {
    it('is granted to one of two who ask at once', async () => {
      const { here, there } = await dueWorld();
      const probes = await Promise.all([here.claimProbe(TARGET), there.claimProbe(TARGET)]);
      expect(probes.filter((probe) => probe !== undefined)).toHaveLength(1);
    });

    it('is granted again when its lease ended without news', async () => {
      const { here, there, probe, pass, availability } = await dueWorld();
      await probe(here);
      expect(availability(here)).toBe('open');
      await pass(LEASE_MS - 1);
      expect(await there.claimProbe(TARGET)).toBeUndefined();
      await pass(1);
      expect(await there.claimProbe(TARGET)).toBeDefined();
    });

    it('closes the circuit everywhere when it succeeds', async () => {
      const { here, there, probe, report, pass, availability } = await dueWorld();
      await report(here, SUCCESS, await probe(here));
      expect(availability(here)).toBe('ready');
      await pass(A_LOOK);
      expect(availability(there)).toBe('ready');
    });

    it('closes the circuit when the target answers at all, with a 404 say', async () => {
      const { here, probe, report, availability } = await dueWorld();
      await report(here, { kind: 'http_error', status: 404 }, await probe(here));
      expect(availability(here)).toBe('ready');
    });

    it('opens the circuit for twice as long when it fails', async () => {
      const { here, there, probe, report, pass, availability } = await dueWorld();
      await report(here, FAILURE, await probe(here));
      await pass(2 * COOLDOWN - 1);
      expect(availability(there)).toBe('open');
      await pass(1);
      expect(availability(there)).toBe('probe_due');
    });

    it('lets another be claimed at once when it was given up for a reason of our own', async () => {
      const { here, there, probe, report, pass } = await dueWorld();
      await report(here, { kind: 'cancelled' }, await probe(here));
      await pass(A_LOOK);
      expect(await there.claimProbe(TARGET)).toBeDefined();
    });

    it('does not close, when it succeeds late, a circuit that has opened again meanwhile', async () => {
      const { here, there, probe, report, pass, availability } = await dueWorld();
      const slow = await probe(here);
      await pass(LEASE_MS);
      await report(there, FAILURE, await probe(there));
      await report(here, SUCCESS, slow);
      await pass(A_LOOK);
      expect(availability(here)).toBe('open');
      expect(availability(there)).toBe('open');
    });

    it('closes the circuit when it outlives its lease and succeeds in the same opening', async () => {
      const { here, there, probe, report, pass, availability } = await dueWorld();
      const slow = await probe(here);
      await pass(LEASE_MS);
      await probe(there);
      await report(here, SUCCESS, slow);
      await pass(A_LOOK);
      expect(availability(there)).toBe('ready');
    });

    it('has to succeed as often as half_open_max_requests says, whoever makes it', async () => {
      const { here, there, probe, report, pass, availability } = await dueWorld({ halfOpenMaxRequests: 2 });
      await report(here, SUCCESS, await probe(here));
      await pass(A_LOOK);
      expect(availability(here)).toBe('probe_due');
      await report(there, SUCCESS, await probe(there));
      await pass(A_LOOK);
      expect(availability(here)).toBe('ready');
    });

    it('leaves no old failures behind when it closes the circuit', async () => {
      const { here, probe, report, fail, pass, availability } = await dueWorld({ windowMs: 300_000 });
      await report(here, SUCCESS, await probe(here));
      await pass(A_LOOK);
      await fail(here, 4);
      expect(availability(here)).toBe('ready');
      await fail(here, 1);
      expect(availability(here)).toBe('open');
    });
  });

  describe(`${name}: a target`, () => {
    it('rests after a 429, here at once and elsewhere with the next look', async () => {
      const { here, there, report, pass, availability } = await world();
      here.report(TARGET, { kind: 'rate_limited', status: 429, retryAfterMs: 20_000 });
      expect(availability(here)).toBe('cooling');
      await report(here, SUCCESS);
      await pass(A_LOOK);
      expect(availability(there)).toBe('cooling');
      await pass(20_000 - A_LOOK);
      expect(availability(there)).toBe('ready');
    });

    it('rests until the later of two ends', async () => {
      const { here, there, report, pass, availability } = await world();
      await report(here, { kind: 'rate_limited', status: 429, retryAfterMs: 40_000 });
      await report(there, { kind: 'rate_limited', status: 429, retryAfterMs: 10_000 });
      await pass(20_000);
      expect(availability(there)).toBe('cooling');
    });

    it('that fails its health probes is known to all as unreachable', async () => {
      const { here, there, pass } = await world();
      for (let count = 0; count < 2; count += 1) {
        here.reportHealth(TARGET, { ok: false, latencyMs: 5_000, reason: 'timeout' });
        await pass(A_LOOK);
      }
      const { health } = there.views().get(TARGET) ?? {};
      expect(reachability(health, NOW, 30_000)).toBe('unreachable');
      here.reportHealth(TARGET, { ok: true, latencyMs: 80 });
      await pass(A_LOOK);
      expect(there.views().get(TARGET)?.health).toMatchObject({ failures: 0, latencyMs: 80 });
    });

    it('keeps its circuit, its rest and its health apart', async () => {
      const { here, there, report, fail, pass } = await world();
      here.reportHealth(TARGET, { ok: true, latencyMs: 80 });
      await report(here, { kind: 'rate_limited', status: 429, retryAfterMs: 20_000 });
      await fail(there, 5);
      await pass(A_LOOK);
      for (const store of [here, there]) {
        expect(store.views().get(TARGET)).toMatchObject({
          circuit: { state: 'open' },
          cooldown: { until: NOW + 20_000 },
          health: { latencyMs: 80 },
        });
      }
    });
  });
}
