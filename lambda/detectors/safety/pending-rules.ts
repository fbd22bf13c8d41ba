/** Follows the safety rules through one text; rules that context may clear wait for the end of their sentence. */
import { phrasesEndingAt } from '../phrases/automaton.ts';
import { trackRules } from '../phrases/sequence-rules.ts';
import type { Clearing, SafetyJudgement, SafetyKnowledge, SafetyRule } from './safety-knowledge.ts';
import type { SafetyConcept } from './lexicon.ts';
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

interface Waiting {
  readonly rule: SafetyRule;
  /** Number of the symbol that completed it. */
  readonly since: number;
}

const isClearing = (concept: SafetyConcept): concept is Clearing =>
  concept === 'prevention' || concept === 'fiction' || concept === 'figurative';

/** Symbols for which context before or after a sentence may clear it. */
const REACH = 120;
const SENTENCE_ENDS = new Set(['.', '!', '?', '。', '！', '？'].map((mark) => mark.charCodeAt(0)));

/** Follows the rules of one text. */
export function createPendingRules(
  { lexicon, rules }: SafetyKnowledge,
  judgement: SafetyJudgement,
): PendingRules {
  const tracker = trackRules(rules);
  let waiting: readonly Waiting[] = [];
  const seen = new Map<Clearing, number>();
  let highest = 0;

  const take = (rule: SafetyRule): Completed | undefined => {
    highest = Math.max(highest, rule.weight);
    return judgement.isMet(rule) ? rule : undefined;
  };
  const settle = (): Completed | undefined => {
    const due = waiting;
    waiting = [];
    return due.map(({ rule }) => take(rule)).find((completed) => completed !== undefined);
  };
  const clear = (clearing: Clearing, count: number): void => {
    seen.set(clearing, count);
    waiting = waiting.filter(({ rule }) => !rule.clearedBy.includes(clearing));
  };
  const complete = (rule: SafetyRule, count: number): Completed | undefined => {
    if (rule.clearedBy.length === 0) return take(rule);
    const isCleared = rule.clearedBy.some((clearing) => count - (seen.get(clearing) ?? -Infinity) <= REACH);
    const isKnown = waiting.some((other) => other.rule === rule);
    if (!isCleared && !isKnown) waiting = [...waiting, { rule, since: count }];
    return undefined;
  };
  const note = (state: number, count: number): Completed | undefined => {
    for (const phrase of phrasesEndingAt(lexicon.automaton, state)) {
      const concept = lexicon.concepts[phrase];
      if (concept === undefined) continue;
      if (isClearing(concept)) clear(concept, count);
      const first = count - (lexicon.lengths[phrase] ?? 1) + 1;
      for (const { rule } of tracker.note(concept, first, count)) {
        const met = complete(rule, count);
        if (met !== undefined) return met;
      }
    }
    return undefined;
  };
  return {
    isWaiting: () => waiting.length > 0,
    note,
    pass: (symbol, count) =>
      SENTENCE_ENDS.has(symbol) || waiting.some(({ since }) => count - since > REACH) ? settle() : undefined,
    settle,
    score: () => highest,
  };
}
