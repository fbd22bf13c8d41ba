/** Reads text as it arrives and says how far it may be released, and where it must end. */
import { createFolder, type Folded, WORD_END, WORD_START } from '../folding/folder.ts';
import { advance, type Automaton } from '../phrases/automaton.ts';
import { createPendingRules, type Completed } from './pending-rules.ts';
import type { SafetyJudgement, SafetyKnowledge } from './safety-knowledge.ts';

export interface SafetyReading {
  /** UTF-16 offset in the whole text up to which nothing speaks against release. Never goes back. */
  readonly frontier: number;
  /** Set once, when a rule or phrase was met; the frontier then stands before it. */
  readonly finding?: Completed;
  /** The highest score so far. */
  readonly score: number;
}

export interface SafetyReader {
  push(text: string): SafetyReading;
  end(): SafetyReading;
}

/** What a reader looks for. Either part may be absent. */
export interface SafetySearch {
  /** The phrases of the configuration: none of their characters may ever be released. */
  readonly phrases?: Automaton;
  readonly knowledge?: SafetyKnowledge;
  readonly judgement: SafetyJudgement;
}

const PHRASE_FOUND: Completed = { name: 'block_if', weight: 1 };

/** A reader for one run of text. What it says depends on the text read, never on how it was split. */
export function createSafetyReader({ phrases, knowledge, judgement }: SafetySearch): SafetyReader {
  const folder = createFolder('marks');
  const ring = new Int32Array(2 ** Math.ceil(Math.log2((phrases?.longest ?? 0) + 2)));
  const pending = knowledge && createPendingRules(knowledge, judgement);
  let phraseState = 0;
  let conceptState = 0;
  let count = 0;
  let wordStart = 0;
  let wordCount = 0;
  let inWord = false;

  /** Offset of the earliest character that may still become part of a phrase. */
  const phraseStart = (): number | undefined => {
    const depth = phrases?.depth[phraseState] ?? 0;
    return depth === 0 ? undefined : ring[(count - depth) & (ring.length - 1)];
  };
  const frontierAt = (offset: number): number => Math.min(offset, phraseStart() ?? offset);
  const readPhrases = (symbol: number, at: number): boolean => {
    if (phrases === undefined) return false;
    ring[count & (ring.length - 1)] = at;
    phraseState = advance(phrases, phraseState, symbol);
    return phrases.hasOutput[phraseState] === 1;
  };
  const readConcepts = (symbol: number): Completed | undefined => {
    if (knowledge === undefined || pending === undefined) return undefined;
    const { automaton } = knowledge.lexicon;
    conceptState = advance(automaton, conceptState, symbol);
    if (automaton.hasOutput[conceptState] === 1) return pending.note(conceptState, count);
    // Only between words: the part of a word that has passed may be released already.
    return pending.isWaiting() && !inWord ? pending.pass(symbol, count) : undefined;
  };
  const read = ({ symbols, starts, length }: Folded): SafetyReading | undefined => {
    for (let index = 0; index < length; index += 1) {
      const symbol = symbols[index] ?? 0;
      const at = starts[index] ?? 0;
      const isBoundary = symbol === WORD_START || symbol === WORD_END;
      if (symbol === WORD_START) {
        inWord = true;
        wordStart = at;
        wordCount = count;
      }
      const metPhrase = readPhrases(symbol, at);
      const completed = readConcepts(symbol);
      count += 1;
      if (metPhrase) return { frontier: frontierAt(at), finding: PHRASE_FOUND, score: 1 };
      if (completed !== undefined) {
        const frontier = frontierAt(inWord ? wordStart : at);
        return { frontier, finding: completed, score: completed.weight };
      }
      if (isBoundary) inWord = symbol === WORD_START;
    }
    return undefined;
  };
  const standing = (): SafetyReading => {
    const depth = knowledge?.lexicon.automaton.depth[conceptState] ?? 0;
    const isWordAlive = inWord && depth >= count - wordCount;
    return {
      frontier: frontierAt(isWordAlive ? wordStart : folder.folded()),
      score: pending?.score() ?? 0,
    };
  };
  return {
    push: (text) => read(folder.push(text)) ?? standing(),
    end: () => {
      const last = read(folder.end());
      if (last !== undefined) return last;
      const late = pending?.settle();
      const frontier = folder.folded();
      return late === undefined
        ? { frontier, score: pending?.score() ?? 0 }
        : { frontier, finding: late, score: late.weight };
    },
  };
}
