/** The lexicon and rules of the safety filter for one mode, built when a text is first judged. */
import type { SafetyMode } from '../../config/gateway-config.ts';
import { compileLexicon, type Lexicon } from '../phrases/lexicon.ts';
import { indexRules, type RuleIndex, type SequenceRule } from '../phrases/sequence-rules.ts';
import type { SafetyCategory } from './categories.ts';
import { SAFETY_CONCEPTS, safetyPhrases, type SafetyConcept } from './lexicon.ts';
import { thresholdOf } from './modes.ts';
import { SAFETY_RULES } from './rules.ts';

/** Concepts that show that words of harm mean none. */
export type Clearing = Extract<SafetyConcept, 'prevention' | 'fiction' | 'figurative'>;

export interface SafetyRule extends SequenceRule<SafetyConcept> {
  readonly category: SafetyCategory;
  /** Which concepts around it (a game, a process) show that no harm is meant. */
  readonly clearedBy: readonly Clearing[];
  /** The modes that know the rule; absent means all. */
  readonly modes?: readonly SafetyMode[];
}

export interface SafetyKnowledge {
  readonly lexicon: Lexicon<SafetyConcept>;
  readonly rules: RuleIndex<SafetyConcept, SafetyRule>;
}

/** Which rules are sure enough to object. */
export interface SafetyJudgement {
  isMet(rule: SafetyRule): boolean;
}

/** Lexicon and rules depend on the mode alone: built once in a process and only when needed. */
const builtRules = new Map<SafetyMode, RuleIndex<SafetyConcept, SafetyRule>>();
let builtLexicon: Lexicon<SafetyConcept> | undefined;

/** What the filter knows in a mode. */
export function safetyKnowledge(mode: SafetyMode): SafetyKnowledge {
  builtLexicon ??= compileLexicon(SAFETY_CONCEPTS, safetyPhrases, ['marks', 'bare']);
  let rules = builtRules.get(mode);
  if (rules === undefined) {
    rules = indexRules(SAFETY_RULES.filter(({ modes }) => modes === undefined || modes.includes(mode)));
    builtRules.set(mode, rules);
  }
  return { lexicon: builtLexicon, rules };
}

/** The thresholds of a mode, for the categories given; an empty list means all. */
export function safetyJudgement(mode: SafetyMode, categories: readonly SafetyCategory[]): SafetyJudgement {
  const isWanted = (category: SafetyCategory): boolean =>
    categories.length === 0 || categories.includes(category);
  return {
    isMet: ({ category, weight }) => isWanted(category) && weight >= thresholdOf(mode, category),
  };
}
