/** Follows the safety rules through one text; rules that context may clear wait for the end of their sentence. */
import { phrasesEndingAt } from '../phrases/automaton.ts';
import { trackRules } from '../phrases/sequence-rules.ts';
import type { SafetyJudgement, SafetyKnowledge, SafetyRule } from './safety-knowledge.ts';
import type { SafetyCategory } from './categories.ts';

export interface Completed {
  readonly name: string;
  readonly category?: SafetyCategory;
  readonly weight: number;
}

export interface PendingRules {
  isWaiting(): boolean;
  /** Takes in the automaton's state at the symbol with this number, where a phrase ends. */
  note(state: number, count: number): Completed | undefined;
  /** Takes in a symbol that stands outside of words. */
  pass(symbol: number, count: number): Completed | undefined;
  /** What still waits at the end of the text takes effect. */
  settle(): Completed | undefined;
  score(): number;
}

/** Symbols for which context before or after a sentence may clear it. */
const REACH = 120;
const SENTENCE_ENDS = new Set(['.', '!', '?', '。', '！', '？'].map((mark) => mark.charCodeAt(0)));

/** Follows the rules of one text. */
export function createPendingRules(
  { lexicon, rules }: SafetyKnowledge,
  judgement: SafetyJudgement,
): PendingRules {
  const tracker = trackRules(rules);
  let waiting: { readonly rule: SafetyRule; readonly since: number } | undefined;
  let clearedUntil = -1;
  let highest = 0;

  const take = (rule: SafetyRule): Completed | undefined => {
    highest = Math.max(highest, rule.weight);
    return judgement.isMet(rule) ? rule : undefined;
  };
  const settle = (): Completed | undefined => {
    const due = waiting;
    waiting = undefined;
    return due && take(due.rule);
  };
  const note = (state: number, count: number): Completed | undefined => {
    for (const phrase of phrasesEndingAt(lexicon.automaton, state)) {
      const concept = lexicon.concepts[phrase];
      if (concept === undefined) continue;
      if (concept === 'harmless') {
        waiting = undefined;
        clearedUntil = count + REACH;
      }
      const first = count - (lexicon.lengths[phrase] ?? 1) + 1;
      for (const { rule } of tracker.note(concept, first, count)) {
        if (!rule.mayBeCleared) {
          const met = take(rule);
          if (met !== undefined) return met;
        } else if (count > clearedUntil && (waiting?.rule.weight ?? 0) < rule.weight) {
          waiting = { rule, since: count };
        }
      }
    }
    return undefined;
  };
  return {
    isWaiting: () => waiting !== undefined,
    note,
    pass: (symbol, count) =>
      waiting !== undefined && (SENTENCE_ENDS.has(symbol) || count - waiting.since > REACH)
        ? settle()
        : undefined,
    settle,
    score: () => highest,
  };
}
