/** Explains what the safety filter sees in a text: every rule that is met, not only the one that decides. */
import type { SafetyMode } from '../../config/gateway-config.ts';
import type { SafetyCategory } from './categories.ts';
import { safetyJudgement, safetyKnowledge, type SafetyRule } from './safety-knowledge.ts';
import { createSafetyReader } from './safety-reader.ts';

export interface SafetyScore {
  /** From 0 to 1: the surest rule. */
  readonly score: number;
  /** The surest rule of each category that has one. */
  readonly categories: Readonly<Partial<Record<SafetyCategory, number>>>;
  /** `isMet` says that the rule is sure enough for the mode. */
  readonly rules: readonly {
    readonly name: string;
    readonly category: SafetyCategory;
    readonly weight: number;
    readonly isMet: boolean;
  }[];
}

/** Scores a whole text in a mode, for all categories. */
export function scoreSafety(text: string, mode: SafetyMode): SafetyScore {
  const knowledge = safetyKnowledge(mode);
  const judgement = safetyJudgement(mode, []);
  const met = new Map<string, SafetyRule>();
  const listen = {
    isMet: (rule: SafetyRule): boolean => {
      met.set(rule.name, rule);
      return false;
    },
  };
  const reader = createSafetyReader({ knowledge, judgement: listen });
  reader.push(text);
  reader.end();
  const rules = [...met.values()].map((rule) => ({
    name: rule.name,
    category: rule.category,
    weight: rule.weight,
    isMet: judgement.isMet(rule),
  }));
  const categories: Partial<Record<SafetyCategory, number>> = {};
  for (const { category, weight } of rules) {
    categories[category] = Math.max(categories[category] ?? 0, weight);
  }
  return { score: Math.max(0, ...rules.map(({ weight }) => weight)), categories, rules };
}
