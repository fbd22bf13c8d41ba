/** The harms that the safety filter knows. */

export const SAFETY_CATEGORIES = [
  'hate',
  'harassment',
  'self_harm',
  'sexual',
  'sexual_minors',
  'violence',
  'weapons',
  'illicit',
  'cyber',
  'fraud',
] as const;

export type SafetyCategory = (typeof SAFETY_CATEGORIES)[number];

/** True for the name of a category. */
export function isSafetyCategory(name: string): name is SafetyCategory {
  return SAFETY_CATEGORIES.some((category) => category === name);
}
