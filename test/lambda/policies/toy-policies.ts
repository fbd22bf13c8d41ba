/** Policies small enough to be seen through, for tests of what carries them. */
import type { ChainEntry, When } from '../../../lambda/config/gateway-config.ts';
import { openChain, type Chain } from '../../../lambda/policies/chain.ts';
import type { LaneJudge, Policy, Release } from '../../../lambda/policies/policy.ts';
import { auditSettings, FACTS } from './settings.ts';

/** An entry that a toy stands behind: what kind it says it is decides nothing. */
export const anEntry = (
  changes: {
    readonly mode?: 'enforce' | 'monitor';
    readonly when?: When;
    readonly streamingMode?: 'realtime' | 'buffered';
  } = {},
): ChainEntry => ({
  kind: 'audit-logger',
  settings: auditSettings(),
  streamingMode: 'realtime',
  mode: 'enforce',
  ...changes,
});

/** A chain of these policies, in their order. */
export function chainOf(policies: readonly Policy[], elapsed: () => number = () => 0): Chain {
  const links = policies.map((policy) => ({ entry: anEntry(), policy }));
  return openChain(links, FACTS, { elapsed, failMode: 'block' });
}

/** A judge that holds the unfinished word and releases the others as `replace` makes them; undefined keeps a word. */
export function wordJudge(replace: (word: string) => string | undefined, type = 'WORD'): LaneJudge {
  let held = '';
  const release = (text: string): Release => ({
    pieces: (text.match(/\w+|\W+/g) ?? []).map((word) => {
      const other = replace(word);
      return other === undefined
        ? { text: word, length: word.length }
        : { text: other, length: word.length, mark: { type } };
    }),
  });
  return {
    push(text) {
      const all = held + text;
      const wordStart = all.search(/\w+$/);
      held = wordStart === -1 ? '' : all.slice(wordStart);
      return release(wordStart === -1 ? all : all.slice(0, wordStart));
    },
    end: () => release(held),
  };
}

/** Replaces each word of the table, in every lane. */
export function replacing(table: Readonly<Record<string, string>>): Policy {
  return {
    kind: 'pii-detector',
    begin: () => ({
      openLane: () => wordJudge((word) => (Object.hasOwn(table, word) ? table[word] : undefined)),
    }),
  };
}

/** Objects to the first occurrence of a word; what stands before it is released. */
export function objecting(word: string, action: 'block' | 'escalate' | 'log'): Policy {
  return {
    kind: 'safety-filter',
    begin: () => ({
      openLane: () => {
        const inner = wordJudge(() => undefined);
        const guard = ({ pieces }: Release): Release => {
          const at = pieces.findIndex(({ text }) => text === word);
          if (at === -1) return { pieces };
          const objection = { action, reason: 'toy.objected', message: 'the word is not allowed' } as const;
          return { pieces: action === 'block' ? pieces.slice(0, at) : pieces, objection };
        };
        return { push: (text) => guard(inner.push(text)), end: () => guard(inner.end()) };
      },
    }),
  };
}

export function failing(where: 'push' | 'end' | 'open' | 'input'): Policy {
  const fail = (): never => {
    throw new Error('toy failure');
  };
  return {
    kind: 'pii-detector',
    begin: () => ({
      openLane: () => {
        if (where === 'input') return undefined;
        if (where === 'open') return fail();
        const inner = wordJudge(() => undefined);
        return {
          push: (text) => (where === 'push' ? fail() : inner.push(text)),
          end: () => (where === 'end' ? fail() : inner.end()),
        };
      },
      ...(where === 'input' && { judgeInput: fail }),
    }),
  };
}
