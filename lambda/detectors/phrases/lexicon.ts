/** A lexicon: which words and phrases stand for which concept, in any language, as one automaton. */
import type { FoldingDepth } from '../folding/fold-character.ts';
import { foldWhole, WORD_END } from '../folding/folder.ts';
import { buildAutomaton, type Automaton } from './automaton.ts';
import type { Phrase } from './trie.ts';

export interface Lexicon<Concept extends string> {
  readonly automaton: Automaton;
  /** By phrase number. */
  readonly concepts: readonly Concept[];
  /** Symbols, by phrase number. */
  readonly lengths: readonly number[];
}

const SPACE = 32;
const COMMA = 44;
const STAR = 42;
/** Marks are written over letters in these ranges; without them both folding depths give the same symbols. */
const BEYOND_ASCII = /[^\0-\u007f]/;

/**
 * Builds the automaton of a lexicon. A list parts its phrases by commas; `ignor*` leaves the word's end open.
 * Phrases are entered in each of the depths given: text that is folded with its accents kept must find a
 * phrase both with and without them.
 */
export function compileLexicon<Concept extends string>(
  concepts: readonly Concept[],
  listsOf: (concept: Concept) => readonly string[],
  depths: readonly FoldingDepth[],
): Lexicon<Concept> {
  const phrases: Phrase[] = [];
  const owners: Concept[] = [];
  for (const concept of concepts) {
    for (const list of listsOf(concept)) {
      for (const depth of BEYOND_ASCII.test(list) ? depths : depths.slice(0, 1))
        addList(list, depth, phrases);
    }
    while (owners.length < phrases.length) owners.push(concept);
  }
  return {
    automaton: buildAutomaton(phrases),
    concepts: owners,
    lengths: phrases.map(({ from, to }) => to - from),
  };
}

/** Folds a list as one text, which is much faster than phrase by phrase, and cuts it at its commas. */
function addList(list: string, depth: FoldingDepth, phrases: Phrase[]): void {
  const { symbols, length } = foldWhole(list, depth);
  let begin = 0;
  for (let index = 0; index <= length; index += 1) {
    if (index < length && symbols[index] !== COMMA) continue;
    const phrase = trimmed(symbols, begin, index);
    if (phrase.from < phrase.to) phrases.push(phrase);
    begin = index + 1;
  }
}

function trimmed(symbols: Uint16Array, from: number, to: number): Phrase {
  let begin = from;
  let end = to;
  while (begin < end && symbols[begin] === SPACE) begin += 1;
  while (begin < end && symbols[end - 1] === SPACE) end -= 1;
  if (end - begin > 1 && symbols[end - 1] === STAR) end -= symbols[end - 2] === WORD_END ? 2 : 1;
  return { symbols, from: begin, to: end };
}
