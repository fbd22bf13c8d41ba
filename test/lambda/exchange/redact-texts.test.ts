/** What becomes of released texts on their way into a capture: the same in any parts, and nothing of a value at a cut. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_CAPTURED } from '../../../lambda/audit/capture.ts';
import type { LaneSource } from '../../../lambda/relay/lane-flow.ts';
import { KeptTexts } from '../../../lambda/exchange/kept-texts.ts';
import { createRedactor } from '../../../lambda/exchange/redact-texts.ts';
import { piiSettings } from '../policies/settings.ts';
import { runs } from '../../support/runs.ts';

const redactTexts = createRedactor(piiSettings(), () => 0);

const sourceAt = (path: string, form: 'text' | 'json' = 'text'): LaneSource => ({
  lane: { phase: 'output', role: 'assistant', content: 'message', path },
  form,
});
const A = sourceAt('/a');

function kept(parts: readonly string[], source = A): KeptTexts {
  const texts = new KeptTexts();
  for (const text of parts) texts.add(source, { text, length: text.length });
  return texts;
}
const shown = async (texts: KeptTexts, isWhole = true) =>
  (await redactTexts(texts, isWhole)).texts.map(({ text }) => text);

/** Values of several kinds, some of which only their context tells, between words. */
const PARTS = [
  'mail quentin@zyzzyva.example ',
  'my SSN is 536-90-4399, ',
  'card 4539 1488 0343 6467 ',
  'AKIAIOSFODNN7EXAMPLE ',
  'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0 ',
  'call +1 (415) 555-0187 ',
  'a word, ',
  'zwölf 😂 ',
];
const SECRETS = /quentin|zyzzyva|536-90|4399|4539|6467|AKIAIO|eyJhbG|415|0187/;
const aText = fc
  .array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

describe('a captured text', () => {
  it('is the same in whatever parts it was released', async () => {
    await fc.assert(
      fc.asyncProperty(aText, fc.array(fc.nat(60), { maxLength: 20 }), async (text, lengths) => {
        let from = 0;
        const parts = lengths.map((length) => text.slice(from, (from += length)));
        expect(await shown(kept([...parts, text.slice(from)]))).toEqual(await shown(kept([text])));
      }),
      runs(200),
    );
  });

  it('has nothing of a value that was cut, wherever the cut is: it is the beginning of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(aText, fc.nat(), async (text, place) => {
        const cut = text.slice(0, place % (text.length + 1));
        const [whole = ''] = await shown(kept([text]));
        const [begun = ''] = await shown(kept([cut]), false);
        expect(whole.startsWith(begun)).toBe(true);
        expect(begun).not.toMatch(SECRETS);
      }),
      runs(400),
    );
  });

  it('says that it was cut when the answer broke off', async () => {
    expect((await redactTexts(kept(['it begins her']), false)).texts).toEqual([
      { lane: '/a', role: 'assistant', content: 'message', text: 'it begins ', is_cut: true },
    ]);
  });

  it('of JSON stays JSON', async () => {
    const source = sourceAt('/a', 'json');
    const json = JSON.stringify({ to: 'quentin@zyzzyva.example', n: 4_539_148_803_436_467 });
    expect(JSON.parse((await shown(kept([json], source)))[0] ?? '')).toEqual({
      to: '[EMAIL_REDACTED]',
      n: '[CREDIT_CARD_REDACTED]',
    });
  });
});

describe('an original that was put back for the caller', () => {
  const mark = { type: 'order no', restored: true } as const;

  it('is a marker, also when it came in parts', async () => {
    const texts = new KeptTexts();
    texts.add(A, { text: 'see ', length: 4 });
    texts.add(A, { text: 'ORD ', length: 0, mark });
    texts.add(A, { text: '1234', length: 10, mark });
    texts.add(A, { text: ' now', length: 4 });
    expect(await shown(texts)).toEqual(['see [ORDER_NO_REDACTED] now']);
  });

  it('is nothing when its last part never came', async () => {
    const texts = new KeptTexts();
    texts.add(A, { text: 'ORD ', length: 0, mark });
    expect(texts.texts).toEqual([]);
  });
});

describe('the bound of a capture', () => {
  const long = 'word '.repeat(MOST_CAPTURED / 4);

  it('holds for one text', async () => {
    const { texts, truncated } = await redactTexts(kept([long]), true);
    expect(texts[0]?.text.length).toBeLessThanOrEqual(MOST_CAPTURED);
    expect([texts[0]?.is_cut, truncated]).toEqual([true, long.length]);
  });

  it('holds for many: those behind it are counted, and not kept', async () => {
    const texts = new KeptTexts();
    for (let index = 0; index < 2000; index++) texts.add(sourceAt(`/${index}`), { text: 'word', length: 4 });
    const captured = await redactTexts(texts, true);
    expect(captured.texts.length).toBeLessThan(600);
    expect(captured.truncated).toBe(8000);
  });

  it('holds where markers are longer than what they stand for', async () => {
    const { texts, truncated } = await redactTexts(kept(['a@b.de '.repeat(MOST_CAPTURED / 8)]), true);
    expect(texts[0]?.text.length).toBe(MOST_CAPTURED);
    expect(texts[0]?.is_cut).toBe(true);
    expect(truncated).toBe((7 * MOST_CAPTURED) / 8);
  });

  it('is no concern of texts that fit', async () => {
    expect(await redactTexts(kept(['word']), true)).toEqual({
      withheld: null,
      texts: [{ lane: '/a', role: 'assistant', content: 'message', text: 'word' }],
    });
  });
});
