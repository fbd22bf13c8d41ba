import { describe, expect, it } from 'vitest';
import type { CircuitView } from '../../../lambda/routing/availability.ts';
import { planTargets } from '../../../lambda/routing/choose.ts';
import { CLOSED, open } from '../../../lambda/routing/circuit.ts';
import type { Plan } from '../../../lambda/routing/plan.ts';
import { createStatistics } from '../../../lambda/routing/statistics.ts';
import { aPlanInput, aTarget, BREAKER, FALLBACK, NOW, type PlanFields } from './support.ts';

const A = aTarget('a');
const B = aTarget('b');
const C = aTarget('c');
const ALL = [A, B, C];

const OPEN: CircuitView = { circuit: open(CLOSED, NOW, BREAKER) };
const DUE: CircuitView = { circuit: open(CLOSED, NOW - BREAKER.cooldownMs, BREAKER) };
const RESTING: CircuitView = { circuit: CLOSED, cooldown: { until: NOW + 7_000, step: 1 } };
const SICK: CircuitView = { circuit: CLOSED, health: { failures: 2, lastProbeAt: NOW, latencyMs: 1 } };

const plan = (fields: PlanFields = {}, targets = ALL): Plan => planTargets(aPlanInput(targets, fields));
const ids = (made: Plan): readonly string[] =>
  made.kind === 'targets'
    ? made.targets.map(({ target, probe }) => (probe ? `${target.id}?` : target.id))
    : [];
const circuits = (views: Readonly<Record<string, CircuitView>>): Map<string, CircuitView> =>
  new Map(Object.entries(views));

const AB_TEST = {
  stickyBy: 'user_id',
  variants: [
    { providerId: 'b', weight: 100 },
    { providerId: 'c', weight: 0 },
  ],
} as const;

describe('a plan', () => {
  it.each<[string, PlanFields, readonly string[]]>([
    ['tries targets in listed order', {}, ['a', 'b', 'c']],
    ['with single tries the first alone', { strategy: 'single' }, ['a']],
    ['without fallback tries one', { config: { fallback: { ...FALLBACK, enabled: false } } }, ['a']],
    [
      'tries at most max_fallback_attempts further ones',
      { config: { fallback: { ...FALLBACK, maxAttempts: 1 } } },
      ['a', 'b'],
    ],
    ['leaves out an open circuit', { circuits: circuits({ a: OPEN }) }, ['b', 'c']],
    ['leaves out a target that rests', { circuits: circuits({ b: RESTING }) }, ['a', 'c']],
    ['marks a target that is due for a probe', { circuits: circuits({ a: DUE }) }, ['a?', 'b', 'c']],
    [
      'does not count on a probe',
      { circuits: circuits({ a: DUE }), config: { fallback: { ...FALLBACK, enabled: false } } },
      ['a?', 'b'],
    ],
    [
      'passes over a sick target while others are healthy',
      { circuits: circuits({ a: SICK }) },
      ['b', 'c', 'a'],
    ],
    [
      'uses sick targets when none is healthy',
      { circuits: circuits({ a: SICK, b: SICK, c: SICK }) },
      ['a', 'b', 'c'],
    ],
    [
      'uses a sick target when the healthy ones are open',
      { circuits: circuits({ a: SICK, b: OPEN, c: OPEN }) },
      ['a'],
    ],
    ['leaves out a target without a secret', { unavailable: new Set(['a']) }, ['b', 'c']],
  ])('%s', (_name, fields, expected) => {
    expect(ids(plan(fields))).toEqual(expected);
  });

  it.each<[string, string | undefined, readonly string[]]>([
    ['by its name', 'smart', ['c', 'a']],
    ['by an alias', 'best', ['c', 'a']],
    ['not at all by another model', 'gpt-4o', ['a', 'b', 'c']],
    ['not at all without a model', undefined, ['a', 'b', 'c']],
  ])('selects a model group %s', (_name, model, expected) => {
    const modelGroups = [{ name: 'smart', targets: ['c', 'a'], aliases: ['best'] }];
    expect(ids(plan({ config: { modelGroups }, request: { model } }))).toEqual(expected);
  });

  describe('of a large request', () => {
    const sized = [aTarget('a', { maxContextTokens: 1_000 }), aTarget('b', { maxContextTokens: 4_000 }), C];

    it.each([
      [900, 100, ['a', 'b', 'c']],
      [900, 101, ['b', 'c']],
      [4_001, undefined, ['c']],
    ])('of %i prompt tokens and %s to come tries those it fits', (promptTokens, maxTokens, expected) => {
      expect(ids(plan({ request: { promptTokens, maxTokens } }, sized))).toEqual(expected);
    });

    it('says the widest limit when it fits none', () => {
      const made = plan({ request: { promptTokens: 4_000, maxTokens: 1 } }, sized.slice(0, 2));
      expect(made).toEqual({
        kind: 'none',
        why: { kind: 'context_too_large', largest: 4_000, asked: 4_001 },
      });
    });
  });

  it.each<[string, PlanFields, unknown]>([
    [
      'open',
      { circuits: circuits({ a: OPEN, b: OPEN, c: OPEN }) },
      { kind: 'all_open', retryAt: NOW + 30_000 },
    ],
    [
      'resting or open',
      { circuits: circuits({ a: OPEN, b: RESTING, c: OPEN }) },
      { kind: 'all_cooling', retryAt: NOW + 7_000 },
    ],
    ['without their secret', { unavailable: new Set(['a', 'b', 'c']) }, { kind: 'all_unavailable' }],
  ])('is empty and says why when all targets are %s', (_name, fields, why) => {
    expect(plan(fields)).toEqual({ kind: 'none', why });
  });

  it('of a single target is empty when that one is open, whatever others there are', () => {
    expect(plan({ strategy: 'single', circuits: circuits({ a: OPEN }) })).toMatchObject({ kind: 'none' });
  });

  describe('with an A/B test', () => {
    const config = { abTest: AB_TEST };

    it('tries the variant first and falls back as the strategy says', () => {
      const made = plan({ config, request: { stickyValue: 'user-1' } });
      expect(ids(made)).toEqual(['b', 'a', 'c']);
      expect(made).toMatchObject({ variant: 'b' });
    });

    it('keeps the variant of a request whose variant is down', () => {
      const made = plan({ config, circuits: circuits({ b: OPEN }) });
      expect(ids(made)).toEqual(['a', 'c']);
      expect(made).toMatchObject({ variant: 'b' });
    });

    it('passes over a sick variant', () => {
      expect(ids(plan({ config, circuits: circuits({ b: SICK }) }))).toEqual(['a', 'c', 'b']);
    });

    it('has nothing to fall back to where fallback is off', () => {
      const off = { ...config, fallback: { ...FALLBACK, enabled: false } };
      expect(ids(plan({ config: off }))).toEqual(['b']);
      expect(plan({ config: off, circuits: circuits({ b: OPEN }) })).toMatchObject({
        kind: 'none',
        variant: 'b',
      });
    });

    it('tests also where the strategy is single', () => {
      const single = { ...config, fallback: { ...FALLBACK, enabled: false } };
      expect(ids(plan({ config: single, strategy: 'single' }))).toEqual(['b']);
    });

    it('does not take part in a model group that lacks one of its variants', () => {
      const modelGroups = [{ name: 'smart', targets: ['a', 'b'], aliases: [] }];
      const made = plan({ config: { ...config, modelGroups }, request: { model: 'smart' } });
      expect(ids(made)).toEqual(['a', 'b']);
      expect(made).not.toHaveProperty('variant');
    });
  });

  it('rotates among the targets that may be called', () => {
    const statistics = createStatistics({ strategy: 'round_robin', windowMs: 300_000, minSampleCount: 5 });
    const firsts = Array.from({ length: 6 }, () =>
      ids(plan({ strategy: 'round_robin', statistics, circuits: circuits({ b: OPEN }) })).at(0),
    );
    expect(firsts).toEqual(['a', 'c', 'a', 'c', 'a', 'c']);
  });
});
