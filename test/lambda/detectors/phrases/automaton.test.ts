/** The automaton finds what a plain search finds, and knows what is still alive. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  buildAutomaton,
  foldPhrase,
  isEnd,
  phrasesEndingAt,
} from '../../../../lambda/detectors/phrases/automaton.ts';
import type { Phrase } from '../../../../lambda/detectors/phrases/trie.ts';

const phraseOf = (text: string): Phrase => {
  const symbols = Uint16Array.from(text, (character) => character.charCodeAt(0));
  return { symbols, from: 0, to: symbols.length };
};

/** Few letters, so that phrases overlap; one beyond ASCII, one that is rare. */
const letter = fc.constantFrom('a', 'b', 'c', '爆');
const words = fc.array(
  fc.array(letter, { minLength: 1, maxLength: 6 }).map((units) => units.join('')),
  {
    maxLength: 8,
  },
);

describe('the automaton', () => {
  it('finds every phrase at every place', () => {
    fc.assert(
      fc.property(words, fc.array(letter, { maxLength: 60 }), (phrases, text) => {
        const automaton = buildAutomaton(phrases.map(phraseOf));
        let state = 0;
        text.forEach((unit, index) => {
          state = advance(automaton, state, unit.charCodeAt(0));
          const read = text.slice(0, index + 1).join('');
          const expected = phrases.flatMap((phrase, number) => (read.endsWith(phrase) ? [number] : []));
          expect(phrasesEndingAt(automaton, state).toSorted((a, b) => a - b)).toEqual(expected);
          expect(isEnd(automaton, state)).toBe(expected.length > 0);
        });
      }),
    );
  });

  it('is as deep as the longest end of the text that may become a phrase', () => {
    fc.assert(
      fc.property(words, fc.array(letter, { maxLength: 60 }), (phrases, text) => {
        const automaton = buildAutomaton(phrases.map(phraseOf));
        let state = 0;
        for (const unit of text) state = advance(automaton, state, unit.charCodeAt(0));
        const read = text.join('');
        const alive = Array.from({ length: read.length + 1 }, (_, at) => read.slice(at)).find((end) =>
          phrases.some((phrase) => phrase.startsWith(end)),
        );
        expect(automaton.depth[state]).toBe(alive?.length ?? 0);
      }),
    );
  });

  it('gives the longest phrase first', () => {
    const automaton = buildAutomaton(['c', 'abc', 'bc'].map(phraseOf));
    let state = 0;
    for (const unit of 'abc') state = advance(automaton, state, unit.charCodeAt(0));
    expect(phrasesEndingAt(automaton, state)).toEqual([1, 2, 0]);
  });

  it('never matches a phrase that folds to nothing', () => {
    const automaton = buildAutomaton([foldPhrase(' \u200b '), foldPhrase('')]);
    expect(automaton.count).toBe(1);
    expect(isEnd(automaton, advance(automaton, 0, 97))).toBe(false);
  });

  it('takes a phrase of many thousand symbols', () => {
    const long = 'ab'.repeat(50_000);
    const automaton = buildAutomaton([phraseOf(long), phraseOf('b'.repeat(20_000))]);
    let state = 0;
    for (const unit of `a${long}`) state = advance(automaton, state, unit.charCodeAt(0));
    expect(isEnd(automaton, state)).toBe(true);
  });
});
