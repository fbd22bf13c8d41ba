/** Texts that came at one go are judged at one go; nobody sees that but by the time it takes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '../../../lambda/policies/chain.ts';
import type { Policy } from '../../../lambda/policies/policy.ts';
import { runs } from '../../support/runs.ts';
import { FOUR_POLICIES } from '../../support/a-gateway.ts';
import { chainOf, objecting, wordJudge } from '../policies/toy-policies.ts';
import { aRelay, Reader } from './a-stream.ts';
import { chat } from './dialects.ts';
import { realChain } from './real-chain.ts';
import { toyChain } from './toy-chain.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Notes what it is asked. */
function noting(asked: string[]): Policy {
  return {
    kind: 'pii-detector',
    begin: () => ({
      openLane: () => {
        const inner = wordJudge(() => undefined);
        return {
          push(text) {
            asked.push(text);
            return inner.push(text);
          },
          end: () => inner.end(),
        };
      },
    }),
  };
}

interface Said {
  readonly index: number;
  readonly member: 'content' | 'reasoning_content';
  readonly text: string;
  readonly comment: boolean;
}

const frameOf = ({ index, member, text, comment }: Said): string =>
  `${comment ? ': a comment\n\n' : ''}data: ${JSON.stringify({ choices: [{ index, delta: { [member]: text } }] })}\n\n`;

const WORDS = [
  'a',
  ' card 42',
  'sec',
  'ret',
  ' me',
  ' at ada@',
  'example.com',
  '.',
  ' one',
  ' stop',
  ' ',
  'é',
  '\n',
];

const anySaid = (choices: number): fc.Arbitrary<readonly Said[]> =>
  fc.array(
    fc.record({
      index: fc.nat({ max: choices - 1 }),
      member: fc.constantFrom('content' as const, 'content' as const, 'reasoning_content' as const),
      text: fc.constantFrom(...WORDS),
      comment: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  );

/** The texts that a reader has of each lane after each read, and what the stream came to. */
function reads(chain: Chain, groups: readonly (readonly Said[])[]) {
  const relay = aRelay(chain);
  const reader = new Reader(chat);
  const seen = groups.map((group) => {
    reader.read(relay.push(encode(group.map(frameOf).join(''))));
    return Object.fromEntries(reader.texts);
  });
  const { fault, hasReleased } = relay.progress;
  return { seen, fault: fault?.kind === 'blocked' ? fault.by.kind : fault?.kind, hasReleased };
}

const BLOCKING = FOUR_POLICIES.replace('pii-detector: {action: redact}', 'pii-detector: {action: block}');

const argumentsFrame = (text: string): string => {
  const call = { index: 0, function: { arguments: text } };
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })}\n\n`;
};

describe('arguments of a call, be they JSON or not', () => {
  const words = [
    'mail ',
    ' ada@example.com ',
    ' and',
    ' more',
    ', ok',
    '"',
    '}',
    '{"a": ',
    ' 12',
    '\\',
    ' [',
  ];

  it.each([
    ['that are blocked', BLOCKING],
    ['that are redacted', FOUR_POLICIES],
  ])('hold nothing of a finding %s, whatever came in one read', (_name, policies) => {
    const open = realChain(policies);
    const texts = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.nat({ max: 12 }), (all, cut) => {
        const relay = aRelay(open());
        let shown = '';
        for (const group of [all.slice(0, cut), all.slice(cut), ['\n']]) {
          if (!relay.isOver) shown += relay.push(encode(group.map(argumentsFrame).join('')));
        }
        if (!relay.isOver) shown += relay.push(encode('data: [DONE]\n\n'));
        const args = [...shown.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g)].map(([, json]) =>
          String(JSON.parse(json ?? '""')),
        );
        expect(args.join('')).not.toContain('ada@example.com');
      }),
      runs(3000),
    );
  });

  it('are no longer judged once they were objected to', () => {
    const relay = aRelay(realChain(BLOCKING)());
    const parts = ['mail ', 'ada@example.com', ' and', ' more', ', ok'];
    expect(relay.push(encode(parts.map(argumentsFrame).join('')))).toBe('');
    expect(relay.progress.fault?.kind).toBe('blocked');
  });
});

describe('chunks of one read', () => {
  it('cost one question for each turn of a lane, once their shape is known', () => {
    const asked: string[] = [];
    const relay = aRelay(chainOf([noting(asked)]));
    const said = (text: string, index = 0): string =>
      frameOf({ index, member: 'content', text, comment: false });
    relay.push(encode(said('The') + said('The', 1)));
    expect(asked).toEqual(['The', 'The']);
    const words = Array.from({ length: 100 }, (_, at) => ` word${at}`);
    relay.push(encode(words.map((word) => said(word)).join('')));
    expect(asked.slice(2)).toEqual([words.join('')]);
    relay.push(encode(said(' a') + said(' b') + said(' c', 1) + said(' d', 1) + said(' e')));
    expect(asked.slice(3)).toEqual([' a b', ' c d', ' e']);
  });

  it('are blocked for what stands first in the text, whichever policy comes first', () => {
    const relay = aRelay(realChain(BLOCKING.replace('mode: strict', 'mode: strict, block_if: [stop]'))());
    const said = (text: string): string => frameOf({ index: 0, member: 'content', text, comment: false });
    relay.push(encode(said('We')));
    relay.push(encode([' never', ' stop', ' at', ' ada@example.com', ' again'].map(said).join('')));
    expect(relay.progress.fault).toMatchObject({ kind: 'blocked', by: { kind: 'safety-filter' } });
  });

  it('are judged before they are many', () => {
    const asked: string[] = [];
    const relay = aRelay(chainOf([noting(asked)]));
    const said = frameOf({ index: 0, member: 'content', text: 'a word '.repeat(10), comment: false });
    relay.push(encode(said.repeat(1000)));
    expect(asked.join('')).toBe('a word '.repeat(10_000));
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(1024 + 70);
  });

  it('keep their places among comments', () => {
    const relay = aRelay(chainOf([noting([])]));
    const said = (text: string): string => frameOf({ index: 0, member: 'content', text, comment: false });
    relay.push(encode(said('one ')));
    const bytes = `${said('two ')}: a comment\n\n${said('three ')}`;
    expect(relay.push(encode(bytes))).toBe(bytes);
  });

  it.each([
    ['toy policies', () => toyChain()],
    ['the four policies', realChain()],
    ['a policy that blocks', () => chainOf([objecting('stop', 'block')])],
  ])('show after each read what single ones show, with %s', (_name, open) => {
    fc.assert(
      fc.property(anySaid(2), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, sizes) => {
        const groups: Said[][] = [];
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          groups.push(all.slice(at, at + size));
          at += size;
        }
        const together = reads(open(), groups);
        const alone = reads(
          open(),
          all.map((one) => [one]),
        );
        const ends = groups.map((_, index) => groups.slice(0, index + 1).flat().length);
        expect(together.seen).toEqual(ends.map((end) => alone.seen[end - 1]));
        expect([together.fault, together.hasReleased]).toEqual([alone.fault, alone.hasReleased]);
      }),
      runs(600),
    );
  });
});
