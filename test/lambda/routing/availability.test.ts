import { describe, expect, it } from 'vitest';
import { availabilityOf, type CircuitView } from '../../../lambda/routing/availability.ts';
import { claim, CLOSED, LEASE_MS, open } from '../../../lambda/routing/circuit.ts';
import { BREAKER, NOW } from './support.ts';

const OPEN = open(CLOSED, NOW, BREAKER);
const DUE = NOW + BREAKER.cooldownMs;
const HALF_OPEN = claim(OPEN, 'me', DUE, BREAKER) ?? CLOSED;
const RESTING = { until: NOW + 5_000, step: 1 };

describe('a target', () => {
  it.each<[string, CircuitView | undefined, number, unknown]>([
    ['nobody knows', undefined, NOW, { kind: 'ready' }],
    ['with a closed circuit', { circuit: CLOSED }, NOW, { kind: 'ready' }],
    ['with an open circuit', { circuit: OPEN }, NOW, { kind: 'open', until: DUE }],
    ['whose cooldown is over', { circuit: OPEN }, DUE, { kind: 'probe_due' }],
    ['that is being probed', { circuit: HALF_OPEN }, DUE + 1, { kind: 'open', until: DUE + LEASE_MS }],
    ['whose probe never came back', { circuit: HALF_OPEN }, DUE + LEASE_MS, { kind: 'probe_due' }],
    ['that rests', { circuit: CLOSED, cooldown: RESTING }, NOW, { kind: 'cooling', until: NOW + 5_000 }],
    ['that has rested', { circuit: CLOSED, cooldown: RESTING }, NOW + 5_000, { kind: 'ready' }],
    [
      'that rests and is due for a probe',
      { circuit: OPEN, cooldown: { until: DUE + 9, step: 1 } },
      DUE,
      { kind: 'cooling', until: DUE + 9 },
    ],
  ])('%s is available as the table says', (_name, view, now, expected) => {
    expect(availabilityOf(view, now, BREAKER)).toEqual(expected);
  });

  it('is ready whatever its circuit says when the breaker is off', () => {
    expect(availabilityOf({ circuit: OPEN }, NOW, { ...BREAKER, enabled: false })).toEqual({ kind: 'ready' });
  });
});
