import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ASSUMED, perMillion, perMonth, sheetText } from '../../bench/cost-sheet.ts';

const costs = (seconds: number): Record<string, number> =>
  Object.fromEntries(
    perMillion({ ...ASSUMED, seconds }).map(({ name, quantity, price }) => [name, quantity * price]),
  );

describe('the cost sheet', () => {
  it.each([
    ['Lambda, duration (ARM)', 1, 13.33],
    ['Lambda, duration (ARM)', 3, 40],
    ['Lambda, requests', 3, 0.2],
    ['Data to the internet', 3, 1.8],
  ])('has for %s, at %d seconds a request, $%d', (name, seconds, cost) => {
    expect(costs(seconds)[name]).toBeCloseTo(cost, 2);
  });

  it('counts each record as five KiB, as Firehose does', () => {
    const [firehose] = perMillion(ASSUMED).filter(({ name }) => name.startsWith('Firehose'));
    expect(firehose?.quantity).toBeCloseTo(9.54, 2);
  });

  it('counts a series for every dimension that the line of a request has', () => {
    const [metrics] = perMonth({ ...ASSUMED, targets: 10 });
    expect(metrics?.quantity).toBe(100);
  });

  it('sums up', () => {
    const items = [
      { name: 'a', quantity: 1000, unit: 'calls', price: 0.002 },
      { name: 'b', quantity: 0.5, unit: 'GB', price: 1 },
    ];
    expect(sheetText(items).split('\n')).toEqual([
      '| item | quantity    | price  | cost  |',
      '| ---- | ----------- | ------ | ----- |',
      '| a    | 1,000 calls | $0.002 | $2.00 |',
      '| b    | 0.5 GB      | $1     | $0.50 |',
      '| sum  |             |        | $2.50 |',
    ]);
  });

  it.each([
    ['a million requests', perMillion(ASSUMED)],
    ['a month', perMonth(ASSUMED)],
  ])('stands in the manual as it is computed, for %s', (_case, items) => {
    expect(readFileSync('docs/cost.md', 'utf8')).toContain(sheetText(items));
  });
});
