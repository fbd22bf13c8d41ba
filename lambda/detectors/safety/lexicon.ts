/** The words of the safety filter, by concept. */
import { acts } from './lexicon/acts.ts';
import { industry } from './lexicon/industry.ts';
import { people } from './lexicon/people.ts';
import { things } from './lexicon/things.ts';

const LISTS = { ...acts, ...things, ...people, ...industry };

export type SafetyConcept = keyof typeof LISTS;

const isConcept = (name: string): name is SafetyConcept => name in LISTS;

export const SAFETY_CONCEPTS: readonly SafetyConcept[] = Object.keys(LISTS).filter(isConcept);

/** The phrases of a concept, parted by commas. */
export function safetyPhrases(concept: SafetyConcept): readonly string[] {
  return [LISTS[concept]];
}
