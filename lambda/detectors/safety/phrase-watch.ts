/** Watches for the phrases of a configuration, and for the earliest text that may still become one. */
import type { Folded } from '../folding/folder.ts';
import { advance, isEnd, type Automaton } from '../phrases/automaton.ts';

export interface PhraseWatch {
  /** Reads symbols up to a number (exclusive); true when a phrase was completed, and then no further. */
  read(folded: Folded, until: number): boolean;
  /** The lesser of an offset and that of the earliest character that is part of a phrase or may become one. */
  earliest(offset: number): number;
}

/** A watch for one run of text. */
export function createPhraseWatch(automaton: Automaton): PhraseWatch {
  // A ring that remembers where each of the last symbols stands in the text: a phrase never needs more.
  const ring = new Int32Array(2 ** Math.ceil(Math.log2(automaton.longest + 1)));
  const mask = ring.length - 1;
  let state = 0;
  let count = 0;
  return {
    read: ({ symbols, starts }, until) => {
      let current = state;
      let seen = count;
      let isMet = false;
      for (let index = 0; index < until && !isMet; index += 1) {
        ring[seen & mask] = starts[index] ?? 0;
        current = advance(automaton, current, symbols[index] ?? 0);
        seen += 1;
        isMet = isEnd(automaton, current);
      }
      state = current;
      count = seen;
      return isMet;
    },
    earliest: (offset) => {
      const alive = automaton.depth[state] ?? 0;
      return alive === 0 ? offset : Math.min(offset, ring[(count - alive) & mask] ?? offset);
    },
  };
}
