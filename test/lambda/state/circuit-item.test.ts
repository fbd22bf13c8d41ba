import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { availabilityOf } from '../../../lambda/routing/availability.ts';
import { claim, CLOSED, open, type Circuit } from '../../../lambda/routing/circuit.ts';
import { circuitAttributes, numberOf, viewFromItem, type Item } from '../../../lambda/state/circuit-item.ts';
import { BREAKER, NOW } from '../routing/support.ts';

const OPEN = open(CLOSED, NOW, BREAKER);
const HALF_OPEN = claim(OPEN, 'me', NOW + BREAKER.cooldownMs, BREAKER) ?? CLOSED;

function itemOf(circuit: Circuit): Item {
  const present = Object.entries(circuitAttributes(circuit)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(present);
}

const item = (fields: Readonly<Record<string, string | number>>): Item =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );

describe('an item', () => {
  it.each<[string, Circuit]>([
    ['closed', { state: 'closed', epoch: 7 }],
    ['open', OPEN],
    ['half-open', HALF_OPEN],
  ])('gives back the %s circuit it was made of', (_name, circuit) => {
    expect(viewFromItem(itemOf(circuit))).toEqual({ circuit });
  });

  it.each<[string, Item, string]>([
    ['nothing in it', {}, 'ready'],
    [
      'a state of a newer version',
      item({ state: 'quarantined', epoch: 9, open_until: NOW + 9_000 }),
      'ready',
    ],
    ['fields of a newer version', { ...itemOf(OPEN), region: { S: 'eu' } }, 'open'],
    ['no end of the cooldown', item({ state: 'open', epoch: 2, opened_at: NOW - 1 }), 'probe_due'],
    ['no times at all', item({ state: 'open' }), 'probe_due'],
    ['no lease', item({ state: 'half-open', epoch: 2, open_until: NOW }), 'probe_due'],
    ['an end long ago', item({ state: 'open', epoch: 2, open_until: 1 }), 'probe_due'],
    ['an end in a year', item({ state: 'open', epoch: 2, open_until: NOW + 31_536_000_000 }), 'probe_due'],
    [
      'text where numbers belong',
      item({ state: 'open', open_until: 'tomorrow', trips: 'many' }),
      'probe_due',
    ],
    ['a rest', item({ cooling_until: NOW + 5_000 }), 'cooling'],
    ['a rest of a year', item({ cooling_until: NOW + 31_536_000_000 }), 'ready'],
  ])('with %s makes the target %s', (_name, given, expected) => {
    expect(availabilityOf(viewFromItem(given), NOW, BREAKER).kind).toBe(expected);
  });

  it('may hold what a probe saw', () => {
    const { health } = viewFromItem(item({ health_at: NOW, health_failures: 3, health_latency_ms: 80 }));
    expect(health).toEqual({ lastProbeAt: NOW, failures: 3, latencyMs: 80 });
    expect(viewFromItem(item({ health_at: NOW })).health).toEqual({
      lastProbeAt: NOW,
      failures: 0,
      latencyMs: 0,
    });
  });

  it.each([
    ['a number', { N: '12' }, 12],
    ['a negative one', { N: '-1' }, undefined],
    ['one beyond a double', { N: '9'.repeat(400) }, undefined],
    ['no number', { N: 'NaN' }, undefined],
    ['text', { S: '12' }, undefined],
  ])('has %s read as it should be', (_name, value, expected) => {
    expect(numberOf({ epoch: value }, 'epoch')).toBe(expected);
  });

  it('of any kind gives a circuit that can be asked', () => {
    const value = fc.oneof(
      fc.string().map((S) => ({ S })),
      fc.double().map((N) => ({ N: String(N) })),
      fc.boolean().map((BOOL) => ({ BOOL })),
    );
    const names = [
      'state',
      'epoch',
      'opening',
      'opened_at',
      'open_until',
      'trips',
      'probe_until',
      'cooling_until',
      'health_at',
    ];
    const fields = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(fields, fc.constantFrom('open', 'half-open', 'closed'), (given, state) => {
        const view = viewFromItem({ ...given, state: { S: state } });
        expect(['ready', 'probe_due', 'open', 'cooling']).toContain(availabilityOf(view, NOW, BREAKER).kind);
        expect(Number.isFinite(view.circuit.epoch)).toBe(true);
      }),
    );
  });
});
