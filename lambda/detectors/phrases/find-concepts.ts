/** Reads a whole text once and reports the concepts in it, in the order in which they end. */
import { type Folded, WORD_END, WORD_START } from '../folding/folder.ts';
import { advance, isEnd, phrasesEndingAt } from './automaton.ts';
import { mayBegin, nextBeginning } from './word-beginnings.ts';
import type { Lexicon } from './lexicon.ts';

export interface ConceptHit<Concept extends string> {
  readonly concept: Concept;
  /** Numbers of the first and last symbol. */
  readonly first: number;
  readonly last: number;
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Where several phrases end together, the shortest comes first. */
export function findConcepts<Concept extends string>(
  folded: Folded,
  lexicon: Lexicon<Concept>,
): readonly ConceptHit<Concept>[] {
  const { symbols, length } = folded;
  const { automaton } = lexicon;
  const hits: ConceptHit<Concept>[] = [];
  let state = 0;
  const { beginnings } = automaton;
  for (let last = 0; last < length; last += 1) {
    if (state === 0 && !mayBegin(beginnings, symbols, last, length)) {
      last = nextBeginning(beginnings, symbols, last, length) - 1;
      continue;
    }
    state = advance(automaton, state, symbols[last] ?? 0);
    if (isEnd(automaton, state)) addHits(hits, lexicon, folded, phrasesEndingAt(automaton, state), last);
  }
  return hits;
}

function addHits<Concept extends string>(
  hits: ConceptHit<Concept>[],
  { concepts, lengths }: Lexicon<Concept>,
  folded: Folded,
  phrases: readonly number[],
  last: number,
): void {
  const end = endOf(folded, last);
  for (let index = phrases.length - 1; index >= 0; index -= 1) {
    const phrase = phrases[index] ?? 0;
    const first = last - (lengths[phrase] ?? 1) + 1;
    const concept = concepts[phrase];
    if (concept !== undefined) hits.push({ concept, first, last, start: folded.starts[first] ?? 0, end });
  }
}

/** Offset behind a symbol's character; a word's end stands before the next character. */
function endOf({ symbols, starts }: Folded, last: number): number {
  const at = starts[last] ?? 0;
  return symbols[last] === WORD_END || symbols[last] === WORD_START ? at : at + 1;
}
