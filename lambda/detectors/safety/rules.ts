/** Which concepts, in which order and how close, mean that harm is asked for or given. */
import type { SafetyMode } from '../../config/gateway-config.ts';
import type { SafetyCategory } from './categories.ts';
import type { SafetyConcept } from './lexicon.ts';
import type { SafetyRule } from './safety-knowledge.ts';

type Steps = readonly (readonly SafetyConcept[])[];

const ALL_CLEARING = ['prevention', 'fiction', 'figurative'] as const;

/** Software does not clear what is done with software. */
const CLEARING: Readonly<Partial<Record<SafetyCategory, SafetyRule['clearedBy']>>> = {
  cyber: ['prevention', 'fiction'],
  fraud: ['prevention', 'fiction'],
  sexual_minors: ['prevention'],
};

/** Explicit by its own words: context does not clear it. */
const sure = (
  name: string,
  category: SafetyCategory,
  weight: number,
  within: number,
  steps: Steps,
): SafetyRule => ({ name, category, weight, within, steps, clearedBy: [] });

/** Words that games, software and prevention use as well: context may clear it. */
const likely = (
  name: string,
  category: SafetyCategory,
  weight: number,
  within: number,
  steps: Steps,
): SafetyRule => ({ name, category, weight, within, steps, clearedBy: CLEARING[category] ?? ALL_CLEARING });

const inModes = (rule: SafetyRule, ...modes: readonly SafetyMode[]): SafetyRule => ({ ...rule, modes });

const GENERAL: readonly SafetyRule[] = [
  sure('weapons.make-explosive', 'weapons', 0.95, 45, [['how'], ['make'], ['explosive']]),
  likely('weapons.making-explosive', 'weapons', 0.75, 25, [['make'], ['explosive']]),
  likely('weapons.make-bomb', 'weapons', 0.9, 35, [['how'], ['make'], ['a-bomb']]),
  sure('weapons.make-mass-weapon', 'weapons', 0.95, 45, [['how'], ['make', 'acquire'], ['mass-weapon']]),
  likely('weapons.making-mass-weapon', 'weapons', 0.6, 20, [['make'], ['mass-weapon']]),
  likely('weapons.make-firearm', 'weapons', 0.85, 45, [['how'], ['make', 'acquire', 'sell'], ['firearm']]),
  likely('illicit.make-drug', 'illicit', 0.9, 40, [['how'], ['make'], ['drug']]),
  likely('illicit.trade-drug', 'illicit', 0.8, 40, [['how'], ['acquire', 'sell'], ['drug']]),
  likely('illicit.steal', 'illicit', 0.75, 40, [['how'], ['steal'], ['valuables', 'person']]),
  likely('violence.kill-person', 'violence', 0.9, 25, [['how'], ['kill'], ['person', 'group']]),
  likely('violence.escape', 'violence', 0.8, 50, [['how'], ['escape-murder']]),
  likely('violence.attack-place', 'violence', 0.85, 25, [['how'], ['attack'], ['place']]),
  likely('self-harm.method', 'self_harm', 0.85, 40, [['how'], ['suicide-method']]),
  likely('self-harm.promotion', 'self_harm', 0.8, 60, [['how'], ['suicide-pact']]),
  sure('harassment.kill-yourself', 'harassment', 0.7, 0, [['kill-yourself']]),
  likely('cyber.make-malware', 'cyber', 0.8, 40, [['how', 'make'], ['malware']]),
  likely('cyber.hack-account', 'cyber', 0.85, 35, [['how'], ['hack'], ['account', 'person']]),
  likely('fraud.forge', 'fraud', 0.75, 30, [['how'], ['forge'], ['document']]),
  likely('fraud.fake', 'fraud', 0.75, 35, [['how'], ['make', 'acquire', 'sell'], ['fake-document']]),
  likely('fraud.commit', 'fraud', 0.75, 40, [['how'], ['evade']]),
  likely('harassment.threaten', 'harassment', 0.7, 45, [['how'], ['threaten'], ['person', 'group']]),
  likely('hate.verdict', 'hate', 0.8, 25, [['group'], ['hateful-verdict']]),
  likely('hate.kill-all', 'hate', 0.9, 20, [['kill-all'], ['group']]),
  sure('hate.slur', 'hate', 0.7, 0, [['slur']]),
  likely('hate.praise', 'hate', 0.75, 60, [['hate-praise']]),
  sure('harassment.abuse', 'harassment', 0.6, 0, [['abuse']]),
  likely('sexual.explicit', 'sexual', 0.6, 0, [['sexual-act']]),
  likely('sexual.requested', 'sexual', 0.75, 60, [['how'], ['sexual-act']]),
  sure('sexual-minors.named', 'sexual_minors', 0.95, 0, [['csam']]),
  likely('sexual-minors.minor-first', 'sexual_minors', 0.8, 50, [['minor'], ['sexual-strong']]),
  likely('sexual-minors.act-first', 'sexual_minors', 0.8, 50, [['sexual-strong'], ['minor']]),
];

const INDUSTRIES: readonly SafetyRule[] = [
  inModes(
    likely('industry.attack-plant', 'cyber', 0.8, 50, [['how'], ['sabotage'], ['plant-attack']]),
    'critical_infrastructure',
  ),
  inModes(
    sure('industry.safety-interlock', 'violence', 0.8, 0, [['safety-interlock']]),
    'critical_infrastructure',
  ),
  inModes(
    likely('industry.defeat-vehicle-safety', 'illicit', 0.75, 40, [['how'], ['vehicle-act'], ['vehicle']]),
    'automotive',
  ),
  inModes(
    likely('industry.reckless-driving', 'illicit', 0.75, 50, [['how'], ['reckless-driving']]),
    'automotive',
  ),
  inModes(likely('industry.cheating', 'fraud', 0.75, 0, [['cheating']]), 'education'),
  inModes(likely('industry.misconduct', 'illicit', 0.9, 50, [['how'], ['misconduct']]), 'law_enforcement'),
];

/** All rules; those of an industry apply in its mode alone. */
export const SAFETY_RULES: readonly SafetyRule[] = [...GENERAL, ...INDUSTRIES];
