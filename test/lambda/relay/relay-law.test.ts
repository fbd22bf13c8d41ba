/** The law of the product: at every moment a stream shows a beginning of what the whole answer shows, in the end all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '../../../lambda/policies/chain.ts';
import { runs } from '../../support/runs.ts';
import { anyCuts, anyManner, aRelay, chunksOf, cutAt, dataOf, frame, Reader } from './a-stream.ts';
import type { Dialect, Manner, Strand } from './a-stream.ts';
import { chat, completions, messages, repeatedTexts, responses } from './dialects.ts';
import { realChain, wholeText } from './real-chain.ts';
import { TOY_WORDS, toyChain, toyRedact } from './toy-chain.ts';

const isJsonLane = (lane: string): boolean => /tool|function_call|arguments/.test(lane);

/** Texts of words; JSON around them where the lane carries JSON, spelled with escapes or without. */
function anyText(words: readonly string[], lane: string): fc.Arbitrary<string> {
  const text = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join(''));
  if (!isJsonLane(lane)) return text;
  return fc.tuple(text, text, fc.boolean()).map(([first, second, escapes]) => {
    const json = JSON.stringify({ a: first, list: [second, 12.5e3, true, null] });
    return escapes
      ? json.replaceAll(/[ed1@]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : json;
  });
}

interface Case {
  readonly strands: readonly (readonly Strand[])[];
  readonly picks: readonly number[];
  readonly manner: Manner;
}

function anyCase({ lanes }: Dialect, words: readonly string[]): fc.Arbitrary<Case> {
  const strand = (lane: string): fc.Arbitrary<Strand> =>
    fc.tuple(anyText(words, lane), anyCuts).map(([text, cuts]) => ({ lane, pieces: cutAt(text, cuts) }));
  const some = lanes.map((list) => fc.tuple(...list.map(strand)));
  return fc.record({
    strands: fc
      .shuffledSubarray(some, { minLength: 1, maxLength: Math.min(2, lanes.length) })
      .chain((lists) => fc.tuple(...lists)),
    picks: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 }),
    manner: anyManner,
  });
}

/** Runs a case; fails when a lane shows at any time what is no beginning of its redacted text. */
function check(
  dialect: Dialect,
  one: Case,
  chain: Chain,
  redact: (text: string, lane: string) => string,
): void {
  const { strands, picks, manner } = one;
  const chunks = chunksOf(dialect, strands, picks, manner);
  const done = dialect.hasDone && manner.endsWithDone ? 'data: [DONE]\n\n' : '';
  const bytes = new TextEncoder().encode(chunks.map((data) => frame(data, manner)).join('') + done);
  const expected = new Map(
    strands.flat().map(({ lane, pieces }) => [lane, redact(pieces.join(''), lane)] as const),
  );
  const relay = aRelay(chain, { format: dialect.format });
  const reader = new Reader(dialect);
  const read = (sse: string): string => {
    for (const lane of reader.read(sse)) {
      const text = reader.texts.get(lane) ?? '';
      if (expected.get(lane)?.startsWith(text) !== true)
        expect([lane, text]).toEqual([lane, expected.get(lane)]);
    }
    return sse;
  };
  let shown = '';
  const cuts = manner.byteCuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  for (const [at, end] of [...cuts, bytes.length].entries()) {
    shown += read(relay.push(bytes.subarray(cuts[at - 1] ?? 0, end)));
  }
  shown += read(relay.end() + relay.progress.tail);
  const { fault, isComplete } = relay.progress;
  expect([fault, isComplete]).toEqual([undefined, true]);
  const texts = [...expected.keys()].map((lane) => [lane, reader.texts.get(lane) ?? '']);
  expect(texts).toEqual([...expected]);
  if (dialect !== responses) return;
  const again = dataOf(shown).flatMap(repeatedTexts);
  expect(again.filter(([lane, text]) => text !== (expected.get(lane) ?? ''))).toEqual([]);
}

/** JSON is compared by what it says. */
const toyJson = (text: string, lane: string): string =>
  isJsonLane(lane) ? toyRedactJson(text) : toyRedact(text);

/** Every string of the JSON, escapes kept wherever nothing changed. */
const toyRedactJson = (json: string): string =>
  json.replace(/"((?:[^"\\]|\\.)*)"/g, (literal) => {
    const text = String(JSON.parse(literal));
    const shown = toyRedact(text);
    return shown === text ? literal : respell(literal.slice(1, -1), text);
  });

/** Redacts in the decoded text and keeps the spelling of what stays. */
function respell(raw: string, text: string): string {
  const units = raw.match(/\\u[0-9a-f]{4}|\\.|[^\\]/gs) ?? [];
  let out = '';
  let from = 0;
  for (const { start, end, by } of toyFindings(text)) {
    out += spelled(units, text, from, start) + JSON.stringify(by).slice(1, -1);
    from = end;
  }
  return `"${out}${spelled(units, text, from, text.length)}"`;
}

function spelled(units: readonly string[], text: string, start: number, end: number): string {
  // A pair of surrogates is one character of the raw text and two units of the decoded one.
  const codeUnits = units.flatMap((unit) =>
    unit.length === 2 && unit[0] !== '\\' ? unit.split('') : [unit],
  );
  expect(codeUnits.length).toBe(text.length);
  return codeUnits.slice(start, end).join('');
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function toyFindings(text: string): readonly Found[] {
  return [...text.matchAll(/\b(?:secret|card \d\d|quick|one)\b|\bkey-[a-z]{4,}/g)].map(
    ({ 0: match, index }) => ({
      start: index,
      end: index + match.length,
      by: toyRedact(match),
    }),
  );
}

describe('the streaming law, for toy policies in four stages', () => {
  it.each([
    ['chat completions', chat, 4000],
    ['completions', completions, 2500],
    ['messages', messages, 2500],
    ['responses', responses, 2500],
  ] as const)('holds for %s, every lane and every split', (_, dialect, usual) => {
    fc.assert(
      fc.property(anyCase(dialect, TOY_WORDS), (one) => check(dialect, one, toyChain(), toyJson)),
      runs(usual),
    );
  });
});

describe('the streaming law, for the policies of the product', () => {
  const words = (
    'bob@example.com|bob@|example|.com|4111 1111 1111 1111|4111-1111| 1111|078-05-1120|+1 415 555 0132|' +
    'GB82 WEST 1234 5698 7654 32|192.168.0.1|10:30|v1.2.3|😀|é|"|\\|AKIAIOSFODNN7EXAMPLE|sk-|eyJ|\u200b|' +
    'Bearer abcdefghijklmnopqrstuvwxyz0123456789|the| quick| brown|. |, |\n| | '
  ).split('|');
  it.each([
    ['chat completions', chat, 400],
    ['messages', messages, 250],
    ['responses', responses, 250],
  ] as const)('holds for %s', (_, dialect, usual) => {
    const chain = realChain();
    const redact = (text: string, lane: string): string =>
      wholeText(text, isJsonLane(lane) ? 'json' : 'text');
    fc.assert(
      fc.property(anyCase(dialect, words), (one) => check(dialect, one, chain(), redact)),
      runs(usual),
    );
  });
});
