/** A lexicon: which words and phrases stand for which concept, in any language, as one automaton. */
import type { FoldingDepth } from '../folding/fold-character.ts';
import { buildAutomaton, foldStem, type Automaton } from './automaton.ts';

export interface Lexicon<Concept extends string> {
  readonly automaton: Automaton;
  /** By phrase number. */
  readonly concepts: readonly Concept[];
  /** Symbols, by phrase number. */
  readonly lengths: readonly number[];
}

/**
 * Builds the automaton of a lexicon. Phrases are entered in each of the depths given: text that is folded with
 * its accents kept must find a phrase both with and without them.
 */
export function compileLexicon<Concept extends string>(
  concepts: readonly Concept[],
  phrasesOf: (concept: Concept) => readonly string[],
  depths: readonly FoldingDepth[],
): Lexicon<Concept> {
  const phrases: (readonly number[])[] = [];
  const owners: Concept[] = [];
  for (const concept of concepts) {
    for (const phrase of phrasesOf(concept)) {
      const forms = depths.map((depth) => foldStem(phrase, depth));
      const distinct = forms.filter((form, index) => index === 0 || form.join() !== forms[0]?.join());
      for (const form of distinct) {
        phrases.push(form);
        owners.push(concept);
      }
    }
  }
  return {
    automaton: buildAutomaton(phrases),
    concepts: owners,
    lengths: phrases.map(({ length }) => length),
  };
}
