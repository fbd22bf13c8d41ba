import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { When } from '../../../lambda/config/gateway-config.ts';
import { openChain } from '../../../lambda/policies/chain.ts';
import type { Chain } from '../../../lambda/policies/chain.ts';
import type { Policy, RequestFacts } from '../../../lambda/policies/policy.ts';
import { PolicyFailure } from '../../../lambda/policies/stage.ts';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import type { LocatedText } from '../../../lambda/wire/wire-format.ts';
import { anEntry, failing, objecting, replacing } from './toy-policies.ts';
import { runs } from '../../support/runs.ts';

const FACTS: RequestFacts = {
  path: '/v1/chat/completions',
  headers: { 'x-team': 'finance' },
  model: 'gpt-4o',
  stream: false,
};

interface EntryChanges {
  readonly mode?: 'enforce' | 'monitor';
  readonly when?: When;
}

function aChain(
  policies: readonly (Policy | readonly [Policy, EntryChanges])[],
  failMode: 'block' | 'allow' = 'block',
): Chain {
  const links = policies.map((given) => {
    const [policy, changes] = 'kind' in given ? [given, {}] : given;
    return { entry: anEntry(changes), policy };
  });
  return openChain(links, FACTS, { elapsed: () => 0, failMode });
}

const aText = (text: string): LocatedText => ({
  lane: { phase: 'input', role: 'user', content: 'message', path: '/messages/0/content' },
  at: ['messages', 0, 'content'],
  text,
  form: 'text',
});

const judged = async (chain: Chain, text: string) => {
  const outcome = await chain.judge('input', [aText(text)]);
  return { text: outcome.texts[0]?.text, blockedBy: outcome.blockedBy, pieces: outcome.texts[0]?.pieces };
};

describe('the chain', () => {
  it('gives each entry the text that the one before left', async () => {
    const chain = aChain([replacing({ one: 'two' }), replacing({ two: 'three' })]);
    expect((await judged(chain, 'one two')).text).toBe('three three');
  });

  it('ends at the first block and says who blocked', async () => {
    const chain = aChain([replacing({ a: 'b' }), objecting('bad', 'block'), failing('push')]);
    const { blockedBy } = await judged(chain, 'a bad a');
    expect(blockedBy?.objection.reason).toBe('toy.objected');
  });

  it.each(['escalate', 'log'] as const)('lets a text pass that is to %s', async (action) => {
    const chain = aChain([objecting('bad', action)]);
    expect(await judged(chain, 'so bad')).toMatchObject({ text: 'so bad', blockedBy: undefined });
    expect(chain.tallies[0]?.verdict).toBe(action === 'log' ? 'block' : 'escalate');
  });

  it.each([
    ['a replacement', replacing({ bad: 'good' }), 'redact'],
    ['a block', objecting('bad', 'block'), 'block'],
  ] as const)('only records %s in monitor mode', async (_, policy, verdict) => {
    const chain = aChain([[policy, { mode: 'monitor' }]]);
    expect(await judged(chain, 'so bad')).toMatchObject({ text: 'so bad', blockedBy: undefined });
    expect(chain.tallies[0]).toMatchObject({ mode: 'monitor', verdict });
  });

  it.each([
    ['the path begins so', { path: '/v1/chat' }, true],
    ['the path begins so without the version', { path: '/chat' }, true],
    ['the path begins otherwise', { path: '/v1/messages' }, false],
    ['the header is so', { header: { 'x-team': 'finance' } }, true],
    ['the header is otherwise', { header: { 'x-team': 'sales' } }, false],
    ['the model is listed', { model: ['gpt-4o', 'x'] }, true],
    ['the model is not listed', { model: ['x'] }, false],
    ['one of two predicates fails', { path: '/v1', model: ['x'] }, false],
  ])('applies an entry or not when %s', async (_, when, applies) => {
    const chain = aChain([[replacing({ a: 'b' }), { when }]]);
    expect((await judged(chain, 'a')).text).toBe(applies ? 'b' : 'a');
  });

  it.each(['open', 'push', 'end', 'input'] as const)(
    'fails closed when a policy throws at its %s',
    async (where) => {
      await expect(judged(aChain([failing(where)]), 'a text')).rejects.toThrow(PolicyFailure);
    },
  );

  it.each(['open', 'push', 'end', 'input'] as const)(
    'goes on without a policy that throws at its %s when told so',
    async (where) => {
      const chain = aChain([failing(where), replacing({ text: 'word' })], 'allow');
      expect((await judged(chain, 'a text here')).text).toBe('a word here');
      expect(chain.isDegraded).toBe(true);
      expect(chain.tallies[0]?.verdict).toBe('error');
    },
  );

  it('gives the same text and the same places streamed at every split as whole', async () => {
    const word = fc.constantFrom('one', 'two', 'three', 'x', ' ', ' ', ', ', '\n');
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(''));
    const table = { one: 'a longer replacement', two: '', three: '3' };
    const open = () =>
      aChain([replacing(table), replacing({ longer: 'l', '3': 'drei' }), replacing({ x: 'yy' })]);
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 200 })), async (source, cuts) => {
        const whole = await judged(open(), source);
        const lane = open().openLane(aText('').lane, 'text');
        const pieces: Piece[] = [];
        for (const part of partsOf(source, cuts)) pieces.push(...(lane?.push(part).pieces ?? []));
        pieces.push(...(lane?.end().pieces ?? []));
        expect(pieces.map((piece) => piece.text).join('')).toBe(whole.text);
        expect(marksOf(pieces)).toEqual(marksOf(whole.pieces ?? []));
        expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(source.length);
      }),
      runs(1000),
    );
  });
});

function partsOf(text: string, cuts: readonly number[]): readonly string[] {
  const borders = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...borders, text.length].map((end, index) => text.slice(index === 0 ? 0 : borders[index - 1], end));
}

/** Where something was replaced, in units of the original. */
function marksOf(pieces: readonly Piece[]): readonly (readonly [number, number])[] {
  let offset = 0;
  return pieces.flatMap(({ length, mark }) => {
    offset += length;
    return mark === undefined ? [] : [[offset - length, offset] as const];
  });
}
