/** Says what each policy finds in a text. */
import type { PolicySettings } from '../../lambda/config/gateway-config.ts';
import { scoreInjection, type InjectionScore } from '../../lambda/detectors/injection/score-injection.ts';
import type { Finding } from '../../lambda/detectors/pii/finding.ts';
import { findPersonalData } from '../../lambda/detectors/pii/search.ts';
import { scoreSafety, type SafetyScore } from '../../lambda/detectors/safety/score-safety.ts';
import type { Phase, Role } from '../../lambda/wire/lane.ts';

/** A text and whose it is. */
export interface TextToExplain {
  readonly text: string;
  readonly role: Role;
  readonly phase: Phase;
}

/** How the policies are set. */
export type ExplainSettings = Pick<PolicySettings, 'prompt-injection' | 'pii-detector' | 'safety-filter'>;

export interface Explanation {
  /** Undefined where the policy does not judge: answers, and roles that it is not set to. */
  readonly injection: InjectionScore | undefined;
  readonly safety: SafetyScore;
  /** Offsets in UTF-16 units. */
  readonly personalData: readonly Finding[];
}

/** Looks at one text as each policy would, whatever the others find. */
export function explainText({ text, role, phase }: TextToExplain, settings: ExplainSettings): Explanation {
  const isJudged = phase === 'input' && settings['prompt-injection'].roles.some((judged) => judged === role);
  return {
    injection: isJudged ? scoreInjection(text) : undefined,
    safety: scoreSafety(text, settings['safety-filter'].mode),
    personalData: findPersonalData(text, settings['pii-detector']),
  };
}

/** The explanation for scripts. */
export function explanationJson({ injection, safety, personalData }: Explanation) {
  return {
    injection: { score: injection?.score ?? 0 },
    safety: { score: safety.score, categories: safety.categories },
    pii: personalData.map(({ type, start, end }) => ({ type, start, end })),
  };
}
