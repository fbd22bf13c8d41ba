/** The circuit of one target under any sequence of events, for several gateways, against the rules it must keep. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claim,
  CLOSED,
  isProbeDue,
  LEASE_MS,
  open,
  settleProbe,
  type Circuit,
  type Probe,
} from '../../../lambda/routing/circuit.ts';
import { BREAKER, NOW } from './support.ts';

interface Real {
  circuit: Circuit;
  now: number;
  readonly probes: { readonly probe: Probe; readonly claimedAt: number }[];
}

/** What a reader would say of the circuit, kept apart from it. */
interface Model {
  isClosed: boolean;
  trips: number;
  /** Number of the opening; a probe counts for the one it was claimed in. */
  opening: number;
  readonly openingOf: Map<string, number>;
  claims: number;
}

type Command = fc.Command<Model, Real>;

function checked(model: Model, real: Real, before: Circuit): void {
  const { circuit } = real;
  expect(circuit.state === 'closed').toBe(model.isClosed);
  expect(circuit.epoch - before.epoch).toBe(circuit === before ? 0 : 1);
  if (circuit.state === 'closed') return;
  expect(circuit.trips).toBe(model.trips);
  expect(circuit.openUntil - circuit.openedAt).toBeLessThanOrEqual(BREAKER.maxCooldownMs);
}

const pass = (milliseconds: number): Command => ({
  check: () => true,
  run: (_model, real) => void (real.now += milliseconds),
  toString: () => `pass ${milliseconds} ms`,
});

const fail = (): Command => ({
  check: () => true,
  run: (model, real) => {
    const before = real.circuit;
    real.circuit = open(before, real.now, BREAKER);
    if (model.isClosed) Object.assign(model, { isClosed: false, trips: 1, opening: model.opening + 1 });
    checked(model, real, before);
  },
  toString: () => 'the threshold is reached',
});

const claimProbe = (): Command => ({
  check: () => true,
  run: (model, real) => {
    const before = real.circuit;
    const owner = `gateway-${(model.claims += 1)}`;
    const next = claim(before, owner, real.now, BREAKER);
    expect(next !== undefined).toBe(isProbeDue(before, real.now, BREAKER));
    if (next === undefined) return;
    const newest = real.probes.at(-1);
    const sameOpening = newest !== undefined && model.openingOf.get(newest.probe.owner) === model.opening;
    const isFree = before.state === 'half-open' && before.probeUntil <= real.now;
    if (sameOpening && !isFree) expect(real.now - newest.claimedAt).toBeGreaterThanOrEqual(LEASE_MS);
    model.openingOf.set(owner, model.opening);
    real.probes.push({ probe: { targetId: 'a', opening: next.opening, owner }, claimedAt: real.now });
    real.circuit = next;
    checked(model, real, before);
  },
  toString: () => 'claim a probe',
});

const settle = (result: 'succeeded' | 'failed' | 'released', which: number): Command => ({
  check: () => true,
  run: (model, real) => {
    const held = real.probes[which % Math.max(1, real.probes.length)];
    if (held === undefined) return;
    const before = real.circuit;
    real.circuit = settleProbe(before, held.probe, result, real.now, BREAKER);
    const counts = before.state === 'half-open' && model.openingOf.get(held.probe.owner) === model.opening;
    if (!counts) expect(real.circuit).toBe(before);
    else if (result === 'succeeded') model.isClosed = true;
    else if (result === 'failed')
      Object.assign(model, { trips: model.trips + 1, opening: model.opening + 1 });
    checked(model, real, before);
  },
  toString: () => `probe ${which} ${result}`,
});

const COMMANDS = [
  fc.constantFrom(1, 1_000, 14_999, 15_000, 30_000, 300_000).map(pass),
  fc.constant(null).map(fail),
  fc.constant(null).map(claimProbe),
  fc
    .tuple(fc.constantFrom('succeeded' as const, 'failed' as const, 'released' as const), fc.nat(20))
    .map(([result, which]) => settle(result, which)),
];

describe('any sequence of events', () => {
  it('keeps the rules: one epoch a step, one probe a lease, only probes of the same opening count', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.commands(COMMANDS, { maxCommands: 80 }), (commands) => {
        fc.modelRun(
          () => ({
            model: { isClosed: true, trips: 0, opening: 0, openingOf: new Map<string, number>(), claims: 0 },
            real: { circuit: CLOSED, now: NOW, probes: [] },
          }),
          commands,
        );
      }),
      { numRuns: 500 },
    );
  });
});
