/** Watches for the built-in rules, and for the word that may complete one. */
import { type Folded, WORD_END, WORD_START } from '../folding/folder.ts';
import { advance, isEnd, type Automaton } from '../phrases/automaton.ts';
import { mayBegin, nextBeginning } from '../phrases/word-beginnings.ts';
import { createPendingRules, type Completed, type PendingRules } from './pending-rules.ts';
import type { SafetyJudgement, SafetyKnowledge } from './safety-knowledge.ts';

export interface ConceptWatch {
  /** Reads symbols; gives the number of the one that completed a rule, and reads no further, or their count. */
  read(folded: Folded): number;
  /** What was completed, and the offset of the word that did it. */
  completed(): Met | undefined;
  /** The lesser of an offset and that of the last word, while that may still complete a rule. */
  judged(offset: number): number;
  /** What takes effect because the text ends. */
  settle(): Completed | undefined;
  /** The highest weight of a rule so far. */
  score(): number;
}

interface Met {
  readonly rule: Completed;
  readonly crossing: number;
}

interface State {
  readonly automaton: Automaton;
  readonly pending: PendingRules;
  /** Of the automaton. */
  at: number;
  /** Symbols read. */
  count: number;
  inWord: boolean;
  /** Offset of the last word in the text, and the number of its first symbol. */
  wordStart: number;
  wordCount: number;
  met: Met | undefined;
}

/** A watch for one run of text. */
export function createConceptWatch(knowledge: SafetyKnowledge, judgement: SafetyJudgement): ConceptWatch {
  const { automaton } = knowledge.lexicon;
  const pending = createPendingRules(knowledge, judgement);
  const state: State = {
    automaton,
    pending,
    at: 0,
    count: 0,
    inWord: false,
    wordStart: 0,
    wordCount: 0,
    met: undefined,
  };
  return {
    read: (folded) => readSymbols(state, folded),
    completed: () => state.met,
    judged: (offset) => (isWordAlive(state) ? Math.min(offset, state.wordStart) : offset),
    settle: () => pending.settle(),
    score: () => pending.score(),
  };
}

/** A word is alive while it is, from its first letter, the beginning of something in the lexicon. */
const isWordAlive = ({ automaton, at, count, inWord, wordCount }: State): boolean =>
  inWord && (automaton.depth[at] ?? 0) >= count - wordCount;

/** The hot loop: what changes with each symbol is in locals. */
function readSymbols(state: State, { symbols, starts, length }: Folded): number {
  const { automaton, pending } = state;
  let { at, inWord, wordStart, wordCount } = state;
  const before = state.count;
  let isWaiting = pending.isWaiting();
  let index = 0;
  for (; index < length; index += 1) {
    const symbol = symbols[index] ?? 0;
    if (symbol === WORD_START) {
      inWord = true;
      wordStart = starts[index] ?? 0;
      wordCount = before + index;
    }
    if (at === 0 && (inWord || !isWaiting) && !mayBegin(automaton.beginnings, symbols, index, length)) {
      if (symbol === WORD_END) inWord = false;
      index = nextBeginning(automaton.beginnings, symbols, index, length) - 1;
      continue;
    }
    at = advance(automaton, at, symbol);
    const isHit = isEnd(automaton, at);
    // Between words only: the part of a word that has passed may be released already.
    if (isHit || (isWaiting && !inWord)) {
      const count = before + index;
      const rule = isHit ? pending.note(at, count) : pending.pass(symbol, count);
      if (rule !== undefined) {
        state.met = { rule, crossing: inWord ? wordStart : (starts[index] ?? 0) };
        break;
      }
      isWaiting = pending.isWaiting();
    }
    if (symbol === WORD_END) inWord = false;
  }
  Object.assign(state, { at, inWord, wordStart, wordCount, count: before + index });
  return index;
}
