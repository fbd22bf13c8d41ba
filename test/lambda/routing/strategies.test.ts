import { describe, expect, it } from 'vitest';
import type { Strategy, Target } from '../../../lambda/config/gateway-config.ts';
import { createStatistics, type Statistics } from '../../../lambda/routing/statistics.ts';
import { STRATEGIES } from '../../../lambda/routing/strategies/index.ts';
import type { StrategyInput } from '../../../lambda/routing/strategies/strategy.ts';
import { aTarget, NOW, seeded } from './support.ts';

const ROUTING = { strategy: 'ordered', windowMs: 300_000, minSampleCount: 2 } as const;

function order(
  strategy: Strategy,
  targets: readonly Target[],
  fields: Partial<StrategyInput> = {},
): readonly string[] {
  const input: StrategyInput = {
    targets,
    statistics: createStatistics(ROUTING),
    routing: ROUTING,
    promptTokens: 1_000,
    maxTokens: undefined,
    now: NOW,
    random: () => 0,
    ...fields,
  };
  return STRATEGIES[strategy](input).map(({ id }) => id);
}

/** Share of the draws in which each target came first. */
function shares(strategy: Strategy, weights: readonly number[], draws = 100_000): readonly number[] {
  const targets = weights.map((weight, index) => aTarget(String(index), { weight }));
  const statistics = createStatistics(ROUTING);
  const random = seeded(7);
  const counts = weights.map(() => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const first = Number(order(strategy, targets, { statistics, random }).at(0));
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

const SHARES: readonly (readonly [Strategy, readonly number[], readonly number[]])[] = [
  ['round_robin', [5, 1, 1], [1 / 3, 1 / 3, 1 / 3]],
  ['weighted_round_robin', [80, 20], [0.8, 0.2]],
  ['weighted_round_robin', [5, 3, 1, 1], [0.5, 0.3, 0.1, 0.1]],
  ['weighted_round_robin', [0.3, 0.7], [0.3, 0.7]],
  ['weighted_round_robin', [1, 0], [1, 0]],
  ['weighted_round_robin', [Number.NaN, 3, 1], [0, 0.75, 0.25]],
  ['weighted_round_robin', [0, 0], [0.5, 0.5]],
  ['random', [80, 20], [0.8, 0.2]],
  ['random', [5, 3, 1, 1], [0.5, 0.3, 0.1, 0.1]],
  ['random', [Infinity, 1], [0, 1]],
  ['random', [0, 0], [0.5, 0.5]],
];

describe('shares', () => {
  it.each(SHARES)(
    'of %s with weights %j are within 1 % over 100,000 draws',
    (strategy, weights, expected) => {
      for (const [index, share] of shares(strategy, weights).entries()) {
        expect(Math.abs(share - (expected[index] ?? NaN))).toBeLessThan(0.01);
      }
    },
  );

  it('hold over thousands of gateways that serve one request each', () => {
    const targets = [aTarget('0', { weight: 80 }), aTarget('1', { weight: 20 })];
    const random = seeded(3);
    const firsts = Array.from({ length: 20_000 }, () =>
      order('weighted_round_robin', targets, { random }).at(0),
    );
    const share = firsts.filter((id) => id === '0').length / firsts.length;
    expect(Math.abs(share - 0.8)).toBeLessThan(0.01);
  });

  it('of a weighted rotation are spread evenly', () => {
    const targets = [aTarget('a', { weight: 5 }), aTarget('b'), aTarget('c')];
    const statistics = createStatistics(ROUTING);
    const firsts = Array.from({ length: 7 }, () =>
      order('weighted_round_robin', targets, { statistics }).at(0),
    );
    expect(firsts.join('')).toBe('aabacaa');
  });
});

/** `calls` good calls with the given figures. */
function measured(
  statistics: Statistics,
  id: string,
  calls: number,
  ttftMs: number,
  tokens: number,
  now = NOW,
): void {
  for (let call = 0; call < calls; call += 1) {
    statistics.started(id, now);
    statistics.finished(id, now, { ok: true, durationMs: ttftMs + 1_000, ttftMs, completionTokens: tokens });
  }
}

describe('a measuring strategy', () => {
  const targets = [aTarget('slow'), aTarget('fast'), aTarget('middling')];
  const known = (): Statistics => {
    const statistics = createStatistics(ROUTING);
    measured(statistics, 'slow', 2, 900, 10);
    measured(statistics, 'fast', 2, 100, 90);
    measured(statistics, 'middling', 2, 400, 40);
    return statistics;
  };

  it.each([
    ['lowest_latency', ['fast', 'middling', 'slow']],
    ['highest_throughput', ['fast', 'middling', 'slow']],
  ] as const)('%s follows its figures', (strategy, expected) => {
    expect(order(strategy, targets, { statistics: known() })).toEqual(expected);
  });

  it('tries the least known targets first', () => {
    const statistics = known();
    measured(statistics, 'new', 1, 5_000, 1);
    const more = [...targets, aTarget('new'), aTarget('newer')];
    expect(order('lowest_latency', more, { statistics }).slice(0, 2)).toEqual(['newer', 'new']);
  });

  it('puts a target that only ever fails last', () => {
    const statistics = known();
    for (let call = 0; call < 2; call += 1) {
      statistics.started('broken', NOW);
      statistics.finished('broken', NOW, { ok: false, durationMs: 1 });
    }
    expect(order('lowest_latency', [aTarget('broken'), ...targets], { statistics }).at(-1)).toBe('broken');
  });

  it('forgets what is older than the window', () => {
    const statistics = known();
    const now = NOW + ROUTING.windowMs;
    measured(statistics, 'slow', 2, 900, 10, now);
    expect(order('lowest_latency', targets, { statistics, now }).at(-1)).toBe('slow');
  });

  it('least_busy prefers the fewest requests in flight', () => {
    const statistics = createStatistics(ROUTING);
    for (const id of ['slow', 'slow', 'middling']) statistics.started(id, NOW);
    expect(order('least_busy', targets, { statistics, random: seeded(1) })).toEqual([
      'fast',
      'middling',
      'slow',
    ]);
  });

  it('least_busy shares quiet hours out by chance', () => {
    const random = seeded(5);
    const firsts = new Set(Array.from({ length: 50 }, () => order('least_busy', targets, { random }).at(0)));
    expect(firsts.size).toBe(3);
  });
});

describe('lowest_cost', () => {
  const targets = [
    aTarget('unpriced'),
    aTarget('dear to write', { pricing: { prompt: 1, completion: 20 } }),
    aTarget('dear to read', { pricing: { prompt: 5, completion: 5 } }),
  ];

  it.each([
    ['a long answer', 100, 4_000, ['dear to read', 'dear to write', 'unpriced']],
    ['a long prompt', 50_000, 10, ['dear to write', 'dear to read', 'unpriced']],
    ['an answer of unknown length', 100, undefined, ['dear to read', 'dear to write', 'unpriced']],
  ])('reckons with %s', (_name, promptTokens, maxTokens, expected) => {
    expect(order('lowest_cost', targets, { promptTokens, maxTokens })).toEqual(expected);
  });
});
