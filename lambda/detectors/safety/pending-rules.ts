/** Follows the safety rules through one text; rules that context may clear wait for the end of their sentence. */
import { phrasesEndingAt } from '../phrases/automaton.ts';
import { trackRules, type RuleTracker } from '../phrases/sequence-rules.ts';
import type { SafetyCategory } from './categories.ts';
import type { SafetyConcept } from './lexicon.ts';
import type { Clearing, SafetyJudgement, SafetyKnowledge, SafetyRule } from './safety-knowledge.ts';

export interface Completed {
  readonly name: string;
  readonly category?: SafetyCategory;
  readonly weight: number;
}

export interface PendingRules {
  isWaiting(): boolean;
  /** Takes in the automaton's state at the symbol with this number, where a phrase ends. */
  note(at: number, count: number): Completed | undefined;
  /** Takes in a symbol that stands outside of words. */
  pass(symbol: number, count: number): Completed | undefined;
  /** What still waits at the end of the text takes effect. */
  settle(): Completed | undefined;
  /** The highest weight of a rule that took effect. */
  score(): number;
}

interface State {
  readonly knowledge: SafetyKnowledge;
  readonly judgement: SafetyJudgement;
  readonly tracker: RuleTracker<SafetyConcept, SafetyRule>;
  /** Where each clearing concept was last met. */
  readonly cleared: Map<Clearing, number>;
  waiting: readonly Waiting[];
  highest: number;
}

interface Waiting {
  readonly rule: SafetyRule;
  /** Number of the symbol that completed it. */
  readonly since: number;
}

/** Symbols over which context before a rule clears it, and for which a rule waits for context after it. */
const REACH = 120;
const SENTENCE_ENDS = new Set(['.', '!', '?', '。', '！', '？'].map((mark) => mark.charCodeAt(0)));

const isClearing = (concept: SafetyConcept): concept is Clearing =>
  concept === 'prevention' || concept === 'fiction' || concept === 'figurative';

/** Follows the rules of one text. */
export function createPendingRules(knowledge: SafetyKnowledge, judgement: SafetyJudgement): PendingRules {
  const state: State = {
    knowledge,
    judgement,
    tracker: trackRules(knowledge.rules),
    cleared: new Map(),
    waiting: [],
    highest: 0,
  };
  return {
    isWaiting: () => state.waiting.length > 0,
    note: (at, count) => note(state, at, count),
    pass: (symbol, count) => (isDue(state, symbol, count) ? settle(state) : undefined),
    settle: () => settle(state),
    score: () => state.highest,
  };
}

function note(state: State, at: number, count: number): Completed | undefined {
  const { automaton, concepts, lengths } = state.knowledge.lexicon;
  for (const phrase of phrasesEndingAt(automaton, at)) {
    const concept = concepts[phrase];
    if (concept === undefined) continue;
    if (isClearing(concept)) clear(state, concept, count);
    const first = count - (lengths[phrase] ?? 1) + 1;
    for (const { rule } of state.tracker.note(concept, first, count)) {
      const met = complete(state, rule, count);
      if (met !== undefined) return met;
    }
  }
  return undefined;
}

function clear(state: State, clearing: Clearing, count: number): void {
  state.cleared.set(clearing, count);
  state.waiting = state.waiting.filter(({ rule }) => !rule.clearedBy.includes(clearing));
}

function complete(state: State, rule: SafetyRule, count: number): Completed | undefined {
  if (rule.clearedBy.length === 0) return take(state, rule);
  const isCleared = rule.clearedBy.some((by) => count - (state.cleared.get(by) ?? -Infinity) <= REACH);
  const isKnown = state.waiting.some((other) => other.rule === rule);
  if (!isCleared && !isKnown) state.waiting = [...state.waiting, { rule, since: count }];
  return undefined;
}

function isDue({ waiting }: State, symbol: number, count: number): boolean {
  if (waiting.length === 0) return false;
  return SENTENCE_ENDS.has(symbol) || waiting.some(({ since }) => count - since > REACH);
}

/** All that waits takes effect, so that the score knows of each; the first that is sure enough is met. */
function settle(state: State): Completed | undefined {
  const taken = state.waiting.map(({ rule }) => take(state, rule));
  state.waiting = [];
  return taken.find((completed) => completed !== undefined);
}

function take(state: State, rule: SafetyRule): Completed | undefined {
  state.highest = Math.max(state.highest, rule.weight);
  return state.judgement.isMet(rule) ? rule : undefined;
}
