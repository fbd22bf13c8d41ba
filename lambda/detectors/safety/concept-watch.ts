/** Watches for the built-in rules, and for the word that may complete one. */
import { type Folded, WORD_END, WORD_START } from '../folding/folder.ts';
import { advance, isEnd } from '../phrases/automaton.ts';
import { createPendingRules, type Completed } from './pending-rules.ts';
import type { SafetyJudgement, SafetyKnowledge } from './safety-knowledge.ts';

export interface ConceptWatch {
  /** Reads symbols; gives the number of the one that completed a rule, and reads no further, or their count. */
  read(folded: Folded): number;
  /** What was completed, and the offset of the word that did it. */
  completed(): { readonly rule: Completed; readonly crossing: number } | undefined;
  /** The lesser of an offset and that of the last word, while that may still complete a rule. */
  judged(offset: number): number;
  /** What takes effect because the text ends. */
  settle(): Completed | undefined;
  /** The highest weight of a rule so far. */
  score(): number;
}

/** A watch for one run of text. */
export function createConceptWatch(knowledge: SafetyKnowledge, judgement: SafetyJudgement): ConceptWatch {
  const { automaton } = knowledge.lexicon;
  const pending = createPendingRules(knowledge, judgement);
  let state = 0;
  let count = 0;
  let inWord = false;
  let wordStart = 0;
  let wordCount = 0;
  let met: { readonly rule: Completed; readonly crossing: number } | undefined;

  const meet = (symbol: number, at: number): boolean => {
    // Between words only: the part of a word that has passed may be released already.
    const isHit = isEnd(automaton, state);
    const rule = isHit ? pending.note(state, count) : inWord ? undefined : pending.pass(symbol, count);
    if (rule !== undefined) met = { rule, crossing: inWord ? wordStart : at };
    return rule !== undefined;
  };
  return {
    read: ({ symbols, starts, length }) => {
      for (let index = 0; index < length; index += 1) {
        const symbol = symbols[index] ?? 0;
        if (symbol === WORD_START) {
          inWord = true;
          wordStart = starts[index] ?? 0;
          wordCount = count;
        }
        state = advance(automaton, state, symbol);
        if (isEnd(automaton, state) || pending.isWaiting()) {
          if (meet(symbol, starts[index] ?? 0)) return index;
        }
        count += 1;
        if (symbol === WORD_END) inWord = false;
      }
      return length;
    },
    completed: () => met,
    judged: (offset) =>
      inWord && (automaton.depth[state] ?? 0) >= count - wordCount ? Math.min(offset, wordStart) : offset,
    settle: () => pending.settle(),
    score: () => pending.score(),
  };
}
