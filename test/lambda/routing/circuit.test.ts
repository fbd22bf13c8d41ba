import { describe, expect, it } from 'vitest';
import {
  claim,
  CLOSED,
  CLOCK_SKEW_MS,
  cooldownMs,
  isProbeDue,
  LEASE_MS,
  open,
  settleProbe,
  type Circuit,
  type Probe,
} from '../../../lambda/routing/circuit.ts';
import { BREAKER, NOW } from './support.ts';

const OPEN = open(CLOSED, NOW, BREAKER);
const DUE = NOW + BREAKER.cooldownMs;
const AT_THREE = { ...BREAKER, halfOpenMaxRequests: 3 };

function claimed(circuit: Circuit, owner: string, now: number): { circuit: Circuit; probe: Probe } {
  const next = claim(circuit, owner, now, BREAKER);
  if (next === undefined) throw new Error('no probe is due');
  return { circuit: next, probe: { targetId: 'a', opening: next.opening, owner } };
}

describe('a circuit', () => {
  it('opens for the cooldown', () => {
    expect(OPEN).toEqual({
      state: 'open',
      epoch: 1,
      opening: 1,
      openedAt: NOW,
      openUntil: NOW + 30_000,
      trips: 1,
    });
  });

  it('does not open again while it is open or half-open', () => {
    const { circuit } = claimed(OPEN, 'me', DUE);
    expect(open(OPEN, NOW + 1, BREAKER)).toBe(OPEN);
    expect(open(circuit, DUE, BREAKER)).toBe(circuit);
  });

  it('has no probe due when closed, nor before the cooldown is over', () => {
    expect(isProbeDue(CLOSED, NOW, BREAKER)).toBe(false);
    expect(isProbeDue(OPEN, DUE - 1, BREAKER)).toBe(false);
    expect(isProbeDue(OPEN, DUE, BREAKER)).toBe(true);
  });

  it('gives one probe for each lease', () => {
    const { circuit } = claimed(OPEN, 'me', DUE);
    expect(circuit).toMatchObject({
      state: 'half-open',
      epoch: 2,
      probeOwner: 'me',
      probeUntil: DUE + LEASE_MS,
    });
    expect(claim(circuit, 'you', DUE + LEASE_MS - 1, BREAKER)).toBeUndefined();
    expect(claim(circuit, 'you', DUE + LEASE_MS, BREAKER)).toMatchObject({ probeOwner: 'you', epoch: 3 });
  });

  it('closes when its probe succeeds', () => {
    const { circuit, probe } = claimed(OPEN, 'me', DUE);
    expect(settleProbe(circuit, probe, 'succeeded', DUE + 5, BREAKER)).toEqual({ state: 'closed', epoch: 3 });
  });

  it('opens again for twice as long when its probe fails', () => {
    const { circuit, probe } = claimed(OPEN, 'me', DUE);
    expect(settleProbe(circuit, probe, 'failed', DUE + 5, BREAKER)).toMatchObject({
      state: 'open',
      trips: 2,
      opening: 3,
      openUntil: DUE + 5 + 60_000,
    });
  });

  it('frees the lease when its probe said nothing', () => {
    const { circuit, probe } = claimed(OPEN, 'me', DUE);
    const free = settleProbe(circuit, probe, 'released', DUE + 5, BREAKER);
    expect(isProbeDue(free, DUE + 5, BREAKER)).toBe(true);
  });

  it('closes only after as many good probes as half_open_max_requests says', () => {
    let circuit: Circuit = OPEN;
    for (const owner of ['one', 'two', 'three']) {
      expect(circuit.state).not.toBe('closed');
      const next = claimed(circuit, owner, DUE);
      circuit = settleProbe(next.circuit, next.probe, 'succeeded', DUE, AT_THREE);
    }
    expect(circuit.state).toBe('closed');
  });

  it('starts counting good probes anew after a bad one', () => {
    const good = claimed(OPEN, 'one', DUE);
    const once = settleProbe(good.circuit, good.probe, 'succeeded', DUE, AT_THREE);
    const bad = claimed(once, 'two', DUE);
    const again = settleProbe(bad.circuit, bad.probe, 'failed', DUE, AT_THREE);
    expect(claim(again, 'three', DUE + 60_000, BREAKER)).toMatchObject({ successes: 0 });
  });

  it('is not closed by a late success of an opening that is over', () => {
    const first = claimed(OPEN, 'slow', DUE);
    const second = claimed(first.circuit, 'quick', DUE + LEASE_MS);
    const reopened = settleProbe(second.circuit, second.probe, 'failed', DUE + LEASE_MS + 1, BREAKER);
    expect(settleProbe(reopened, first.probe, 'succeeded', DUE + LEASE_MS + 2, BREAKER)).toBe(reopened);
    const third = claimed(reopened, 'next', DUE + LEASE_MS + 60_001);
    expect(settleProbe(third.circuit, first.probe, 'succeeded', NOW, BREAKER)).toBe(third.circuit);
  });

  it('is closed by a probe that outlived its lease within the same opening', () => {
    const slow = claimed(OPEN, 'slow', DUE);
    const next = claimed(slow.circuit, 'next', DUE + LEASE_MS);
    expect(settleProbe(next.circuit, slow.probe, 'succeeded', DUE + LEASE_MS + 1, BREAKER).state).toBe(
      'closed',
    );
  });

  it('does not end the lease of another owner', () => {
    const slow = claimed(OPEN, 'slow', DUE);
    const next = claimed(slow.circuit, 'next', DUE + LEASE_MS);
    expect(settleProbe(next.circuit, slow.probe, 'released', DUE + LEASE_MS + 1, BREAKER)).toBe(next.circuit);
  });

  it.each([
    [1, 30_000],
    [2, 60_000],
    [4, 240_000],
    [5, 300_000],
    [2_000, 300_000],
  ])('cools down after opening %i in a row for %i ms', (trips, expected) => {
    expect(cooldownMs(trips, BREAKER)).toBe(expected);
  });

  it('never cools down for less than cooldown_seconds, whatever the maximum says', () => {
    expect(cooldownMs(3, { ...BREAKER, maxCooldownMs: 1_000 })).toBe(30_000);
  });

  it('lets a probe through when the clock jumped back so far that the cooldown seems endless', () => {
    expect(isProbeDue(OPEN, NOW - 3_600_000, BREAKER)).toBe(true);
    expect(isProbeDue(OPEN, NOW - CLOCK_SKEW_MS, BREAKER)).toBe(false);
  });
});
