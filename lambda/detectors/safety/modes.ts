/** How sure a rule must be, by mode and category. */
import type { SafetyMode } from '../../config/gateway-config.ts';
import type { SafetyCategory } from './categories.ts';

const STRICT = 0.5;
const MODERATE = 0.7;
const LENIENT = 0.9;

type Exceptions = Partial<Readonly<Record<SafetyCategory, number>>>;

interface Mode {
  readonly threshold: number;
  readonly exceptions: Exceptions;
}

/** Sexual content with minors is never a matter of degree. */
const ALWAYS: Exceptions = { sexual_minors: STRICT };

const MODES: Readonly<Record<SafetyMode, Mode>> = {
  strict: { threshold: STRICT, exceptions: ALWAYS },
  moderate: { threshold: MODERATE, exceptions: ALWAYS },
  lenient: { threshold: LENIENT, exceptions: ALWAYS },
  critical_infrastructure: {
    threshold: MODERATE,
    exceptions: { ...ALWAYS, cyber: STRICT, weapons: STRICT, violence: STRICT },
  },
  automotive: { threshold: MODERATE, exceptions: { ...ALWAYS, illicit: STRICT, cyber: STRICT } },
  education: {
    threshold: STRICT,
    exceptions: ALWAYS,
  },
  // Officers have to talk of crimes; only what is explicit, and what corrupts an investigation, is refused.
  law_enforcement: { threshold: LENIENT, exceptions: { ...ALWAYS, hate: MODERATE, harassment: MODERATE } },
};

/** The weight at and above which a rule of the category objects. */
export function thresholdOf(mode: SafetyMode, category: SafetyCategory): number {
  const { threshold, exceptions } = MODES[mode];
  return exceptions[category] ?? threshold;
}
