/** What is told of a word's beginning never hides a phrase. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldWhole, WORD_END, WORD_START } from '../../../../lambda/detectors/folding/folder.ts';
import { findConcepts } from '../../../../lambda/detectors/phrases/find-concepts.ts';
import { compileLexicon } from '../../../../lambda/detectors/phrases/lexicon.ts';
import {
  mayBegin,
  nextBeginning,
  readBeginnings,
} from '../../../../lambda/detectors/phrases/word-beginnings.ts';

/** Few letters, so that words and phrases share their beginnings. */
const word = fc
  .array(fc.constantFrom('a', 'b', 'c', '爆'), { minLength: 1, maxLength: 7 })
  .map((letters) => letters.join(''));
const phrase = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '*', '!'))
  .map(([words, end]) => words.join(' ') + end);
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '! ', ', ', '  ')), { maxLength: 12 })
  .map((words) => words.flat().join(''));

const lexiconOf = (phrases: readonly string[]) => compileLexicon(phrases, (concept) => [concept], ['marks']);

describe('the beginnings of words', () => {
  it('let every phrase be found that a plain search finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(phrase, { maxLength: 6 }), text, (phrases, searched) => {
        const folded = foldWhole(searched, 'marks');
        const symbols = folded.symbols.subarray(0, folded.length);
        const expected = phrases.flatMap((sought) => {
          const { symbols: all, length } = foldWhole(sought, 'marks');
          const open = all[length - 2] === WORD_END ? 2 : 1;
          const end = sought.endsWith('*') ? length - open : length;
          const wanted = all.subarray(0, end).join();
          return Array.from(symbols, (_, at) => at)
            .filter((at) => symbols.subarray(at, at + end).join() === wanted && at + end <= folded.length)
            .map((at) => `${sought} at ${at}`);
        });
        const found = findConcepts(folded, lexiconOf(phrases)).map(
          ({ concept, first }) => `${concept} at ${first}`,
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it('rule out most words of plain prose', () => {
    const { automaton } = lexiconOf(['ignore the rules', 'disregard', 'the system prompt']);
    const { symbols, length } = foldWhole(
      'The weather was fine, and the system was ignored all day.',
      'marks',
    );
    const passed = Array.from(symbols.subarray(0, length), (symbol, at) => ({ symbol, at }))
      .filter(
        ({ symbol, at }) => symbol === WORD_START && mayBegin(automaton.beginnings, symbols, at, length),
      )
      .map(({ at }) => String.fromCharCode(...symbols.subarray(at + 1, at + 7)));
    expect(passed).toContain('the\u0002 \u0001');
    expect(passed).not.toContain('weathe');
    expect(passed.length).toBeLessThan(5);
  });
});

describe('a word with which no phrase begins', () => {
  const symbolsOf = (letters: string): Uint16Array =>
    Uint16Array.from(
      letters,
      (letter) => ({ '<': WORD_START, '>': WORD_END })[letter] ?? letter.charCodeAt(0),
    );
  const phrasesOf = (...texts: readonly string[]) =>
    texts.map((each) => ({ symbols: symbolsOf(each), from: 0, to: each.length }));

  it.each([
    ['is passed over to its end', ['<bomb>'], '<tree> ', 5],
    ['is passed over as far as it is there', ['<bomb>'], '<tre', 4],
    ['is read on where a phrase may begin with a letter of another script', ['<bomb>'], '<tr爆e>', 3],
    ['is read on where a phrase begins inside of words', ['<bomb>', 'ee>'], '<tree>', 1],
  ])('%s', (_case, phrases, read, next) => {
    expect(nextBeginning(readBeginnings(phrasesOf(...phrases)), symbolsOf(read), 0, read.length)).toBe(next);
  });
});
