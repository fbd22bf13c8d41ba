import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { AbTest } from '../../../lambda/config/gateway-config.ts';
import { chooseVariant } from '../../../lambda/routing/ab-test.ts';
import { seeded } from './support.ts';

const DRAWS = 100_000;

const aTest = (...weights: readonly number[]): AbTest => ({
  stickyBy: 'user_id',
  variants: weights.map((weight, index) => ({ providerId: `v${index}`, weight })),
});
const never = (): number => {
  throw new Error('a sticky request must not draw');
};
const sticky = (test: AbTest, user: string): string | undefined => chooseVariant(test, user, never);

function share(variant: string, choose: (user: string) => string | undefined): number {
  let hits = 0;
  for (let user = 0; user < DRAWS; user += 1) if (choose(`user-${user}`) === variant) hits += 1;
  return hits / DRAWS;
}

describe('an A/B test', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['80 to 20', [80, 20], [0.8, 0.2]],
    ['thirds', [1, 1, 1], [1 / 3, 1 / 3, 1 / 3]],
    ['fractions', [0.05, 0.95], [0.05, 0.95]],
    ['a weight of zero', [0, 1], [0, 1]],
    ['a weight that is no number', [Number.NaN, 3, 1], [0, 0.75, 0.25]],
    ['a negative weight', [-5, 1], [0, 1]],
    ['no weight at all', [0, 0], [0.5, 0.5]],
  ])('shares users out by %s within 1 %%', (_name, weights, expected) => {
    const test = aTest(...weights);
    const random = seeded(11);
    for (const [index, wanted] of expected.entries()) {
      expect(Math.abs(share(`v${index}`, (user) => sticky(test, user)) - wanted)).toBeLessThan(0.01);
      const byChance = share(`v${index}`, () => chooseVariant(test, undefined, random));
      expect(Math.abs(byChance - wanted)).toBeLessThan(0.01);
    }
  });

  it('keeps a user at one variant', () => {
    const first = sticky(aTest(1, 1), 'zoë');
    for (let again = 0; again < 10; again += 1) expect(sticky(aTest(1, 1), 'zoë')).toBe(first);
  });

  it('gives a user the same variant in another process', () => {
    const users = Array.from({ length: 40 }, (_, index) => `ユーザー-${index}`);
    const module = new URL('../../../lambda/routing/ab-test.ts', import.meta.url).href;
    const script = `
      const { chooseVariant } = await import(${JSON.stringify(module)});
      const test = ${JSON.stringify(aTest(60, 40))};
      console.log(${JSON.stringify(users)}.map((user) => chooseVariant(test, user)).join());`;
    const there = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(there.trim()).toBe(users.map((user) => sticky(aTest(60, 40), user)).join());
  });

  it('follows the documented rule', () => {
    // printf 'v0,v1\nalice' | sha256sum | cut -c1-13  ->  see the fraction below
    const test = aTest(1, 1);
    const digest = execFileSync(process.execPath, [
      '-p',
      "require('crypto').createHash('sha256').update('v0,v1\\nalice').digest('hex').slice(0, 13)",
    ]).toString();
    const fraction = Number.parseInt(digest.trim(), 16) / 2 ** 52;
    expect(sticky(test, 'alice')).toBe(fraction < 0.5 ? 'v0' : 'v1');
  });

  it('moves only the users that a change of weights has to move', () => {
    let moved = 0;
    for (let user = 0; user < 10_000; user += 1) {
      if (sticky(aTest(80, 20), `u${user}`) !== sticky(aTest(70, 30), `u${user}`)) moved += 1;
    }
    expect(Math.abs(moved / 10_000 - 0.1)).toBeLessThan(0.01);
  });

  it('without variants chooses none', () => {
    expect(sticky(aTest(), 'alice')).toBeUndefined();
  });
});
