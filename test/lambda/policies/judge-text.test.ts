/** Long texts are judged in turns; what comes out is what one go would have given. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { Chain } from '../../../lambda/policies/chain.ts';
import { BLOCK_UNITS } from '../../../lambda/policies/turns.ts';
import { aConfig, aGateway, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';
import { runs } from '../../support/runs.ts';
import { aLane } from './settings.ts';
import { chainOf, objecting, replacing } from './toy-policies.ts';

const LANE = aLane();

const judge = async (chain: Chain, text: string) => {
  const source = { lane: LANE, at: ['messages', 0, 'content'], text, form: 'text' as const };
  const { texts, blockedBy } = await chain.judge('input', [source]);
  return { text: texts[0]?.text, blockedBy: blockedBy?.kind };
};

/** The same text through the lane of a stream, which is given all of it at once. */
function atOneGo(chain: Chain, text: string) {
  const lane = chain.openLane(LANE, 'text');
  const pushed = lane?.push(text);
  const ended = pushed?.blockedBy === undefined ? lane?.end() : undefined;
  const pieces = [...(pushed?.pieces ?? []), ...(ended?.pieces ?? [])];
  return {
    text: pieces.map((piece) => piece.text).join(''),
    blockedBy: (pushed?.blockedBy ?? ended?.blockedBy)?.kind,
  };
}

describe('a text of several blocks', () => {
  const words = fc.constantFrom('secret', 'secrets', 'bank', 'a😀', 'word');
  const near = fc.integer({ min: -8, max: 8 });
  const placed = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), near, words), { maxLength: 6 });
  const textOf = (places: readonly (readonly [number, number, string])[]): string => {
    let text = 'filler '.repeat((10 * BLOCK_UNITS) / 7);
    for (const [block, offset, word] of places) {
      const at = block * BLOCK_UNITS + offset;
      text = `${text.slice(0, at)} ${word} ${text.slice(at + word.length + 2)}`;
    }
    return text;
  };

  it('has replaced what one go would have replaced, wherever blocks end', async () => {
    const policies = [replacing({ secret: '[S]', bank: '' }), replacing({ S: 'was secret' })];
    await fc.assert(
      fc.asyncProperty(placed, async (places) => {
        const text = textOf(places);
        const all = await judge(chainOf(policies), text);
        expect(all.text === atOneGo(chainOf(policies), text).text).toBe(true);
      }),
      runs(60),
    );
  });

  it('is objected to wherever it would have been', async () => {
    await fc.assert(
      fc.asyncProperty(placed, async (places) => {
        const text = textOf(places);
        const policies = [objecting('secret', 'block')];
        const { blockedBy } = await judge(chainOf(policies), text);
        expect(blockedBy).toBe(atOneGo(chainOf(policies), text).blockedBy);
        expect(blockedBy !== undefined).toBe(/\bsecret\b/.test(text));
      }),
      runs(60),
    );
  });

  it('leaves turns to others when it takes long, and none when it is quick', async () => {
    const text = 'word '.repeat(4 * BLOCK_UNITS);
    const turnsOf = async (elapsed: () => number): Promise<number> => {
      let turns = 0;
      let isOver = false;
      const count = (): void => {
        turns += 1;
        if (!isOver) setImmediate(count);
      };
      setImmediate(count);
      await judge(chainOf([replacing({ secret: '' })], elapsed), text);
      isOver = true;
      return turns;
    };
    let now = 0;
    expect(await turnsOf(() => (now += 15))).toBeGreaterThanOrEqual(5);
    expect(await turnsOf(() => 0)).toBe(0);
  });
});

it('a request that is hard to judge does not keep the next one waiting', async () => {
  const upstream = await startAimlapiUpstream();
  const gateway = aGateway(aConfig(`${targetsAt(upstream.url)}${FOUR_POLICIES}`));
  onTestFinished(async () => {
    await gateway.close();
    await upstream.close();
  });
  const ended: string[] = [];
  const ask = async (name: string, content: string): Promise<void> => {
    await gateway.post('/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content }] });
    ended.push(name);
  };
  await Promise.all([ask('hard', '1 2 3 4 5 '.repeat(40_000)), ask('easy', 'hello')]);
  expect(ended).toEqual(['easy', 'hard']);
});
