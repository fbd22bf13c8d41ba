/** Reads text as it arrives and says how far it may be released, and where it must end. */
import { MOST_BYTES } from '../folding/ascii-bytes.ts';
import { createFolder, type Folded } from '../folding/folder.ts';
import type { Automaton } from '../phrases/automaton.ts';
import { createConceptWatch } from './concept-watch.ts';
import type { Completed } from './pending-rules.ts';
import { createPhraseWatch } from './phrase-watch.ts';
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

/** UTF-16 units read at a time: as many as are folded by their bytes, and as policies before may have folded already. */
const BLOCK = MOST_BYTES;

const PHRASE_FOUND: Completed = { name: 'block_if', weight: 1 };

/** A reader for one run of text. What it says depends on the text read, never on how it was split. */
export function createSafetyReader({ phrases, knowledge, judgement }: SafetySearch): SafetyReader {
  const folder = createFolder('marks');
  const watch = phrases && createPhraseWatch(phrases);
  const concepts = knowledge && createConceptWatch(knowledge, judgement);
  const earliest = (offset: number): number => watch?.earliest(offset) ?? offset;
  /** Concepts first: the phrases are then read up to the same symbol, so that both stand at one place. */
  const read = (folded: Folded): SafetyReading | undefined => {
    const until = concepts?.read(folded) ?? folded.length;
    if (watch?.read(folded, Math.min(until + 1, folded.length)) === true) {
      return { frontier: earliest(folder.folded()), finding: PHRASE_FOUND, score: 1 };
    }
    const completed = concepts?.completed();
    if (completed === undefined) return undefined;
    const { rule, crossing } = completed;
    return { frontier: earliest(crossing), finding: rule, score: rule.weight };
  };
  const score = (): number => concepts?.score() ?? 0;
  return {
    push: (text) => {
      for (let from = 0; from < text.length; from += BLOCK) {
        const met = read(folder.push(text.slice(from, from + BLOCK)));
        if (met !== undefined) return met;
      }
      const offset = folder.folded();
      return { frontier: earliest(concepts?.judged(offset) ?? offset), score: score() };
    },
    end: () => {
      const met = read(folder.end());
      if (met !== undefined) return met;
      const frontier = folder.folded();
      const late = concepts?.settle();
      return late === undefined
        ? { frontier, score: score() }
        : { frontier, finding: late, score: late.weight };
    },
  };
}
