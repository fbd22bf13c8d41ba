/** Lexicons: lists of phrases, and the concepts found by them in a text. */
import { describe, expect, it } from 'vitest';
import type { FoldingDepth } from '../../../../lambda/detectors/folding/fold-character.ts';
import { foldWhole } from '../../../../lambda/detectors/folding/folder.ts';
import { findConcepts } from '../../../../lambda/detectors/phrases/find-concepts.ts';
import { compileLexicon } from '../../../../lambda/detectors/phrases/lexicon.ts';

const LISTS = {
  ignore: ['ignore, ignor*', 'überseh*'],
  previous: ['previous, vorige', '以前'],
  mark: ['<|im_start|>system'],
} as const;
type Concept = keyof typeof LISTS;
const CONCEPTS: readonly Concept[] = ['ignore', 'previous', 'mark'];

/** What is found, as "concept:text". */
function found(text: string, depth: FoldingDepth, depths: readonly FoldingDepth[]): readonly string[] {
  const lexicon = compileLexicon(CONCEPTS, (concept) => LISTS[concept], depths);
  return findConcepts(foldWhole(text, depth), lexicon).map(
    ({ concept, start, end }) => `${concept}:${text.slice(start, end)}`,
  );
}

describe('a lexicon', () => {
  const rows: readonly (readonly [name: string, text: string, found: readonly string[]])[] = [
    ['a whole word', 'previous', ['previous:previous']],
    ['no part of a word', 'previously unprevious', []],
    ['a stem wherever its word goes on', 'Ignoriert', ['ignore:Ignor']],
    ['a word and its stem, each once', 'ignore', ['ignore:ignor', 'ignore:ignore']],
    ['ideographs without boundaries', '这是以前的', ['previous:以前']],
    ['marks with their punctuation', 'x<|IM_START|>System', ['mark:<|IM_START|>System']],
    ['nothing in a text without it', 'a letter to the editor', []],
  ];
  it.each(rows)('finds %s', (_, text, expected) => {
    expect(found(text, 'bare', ['bare'])).toEqual(expected);
  });

  it('finds accented phrases with and without accents when it is compiled for both', () => {
    expect(found('übersehen ubersehen', 'marks', ['marks', 'bare'])).toEqual([
      'ignore:überseh',
      'ignore:uberseh',
    ]);
  });

  it('gives hits in the order in which they end, the shortest first', () => {
    const hits = findConcepts(
      foldWhole('ignore the previous', 'bare'),
      compileLexicon(CONCEPTS, (concept) => LISTS[concept], ['bare']),
    );
    expect(hits.map(({ first, last }) => [first, last])).toEqual([
      [0, 5],
      [0, 7],
      [15, 24],
    ]);
  });
});
