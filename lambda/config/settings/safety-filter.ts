/** What `policy.safety-filter` may say. */
import * as z from 'zod';
import { flag, text, whole } from '../fields.ts';
import type { SafetyFilterSettings } from '../gateway-config.ts';

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

export const safetyFilter = z.strictObject({
  mode: z
    .enum([
      'strict',
      'moderate',
      'lenient',
      'critical_infrastructure',
      'automotive',
      'education',
      'law_enforcement',
    ])
    .default('strict')
    .meta({ description: 'How readily the filter objects, or the industry whose phrases it adds.' }),
  categories: z
    .array(z.enum(SAFETY_CATEGORIES))
    .default([])
    .meta({ description: 'Which harms to look for; an empty list means all.' }),
  block_if: z
    .array(text(500))
    .max(10_000)
    .default([])
    .meta({ description: 'Phrases to object to beside the built-in ones. No byte of one is ever sent on.' }),
  action: z
    .enum(['block', 'escalate'])
    .default('block')
    .meta({ description: 'What an objection does; `escalate` lets the request pass and marks it.' }),
  fuzzy_matching: flag(false, 'Phrases match with up to `max_distance` edits (Damerau-Levenshtein).'),
  max_distance: whole(0, 3)
    .default(1)
    .meta({ unit: 'edits', description: 'How many edits `fuzzy_matching` forgives.' }),
  max_age: whole(0, 120)
    .default(0)
    .meta({ unit: 'years', description: 'The age of the audience the answers must suit; 0 means no limit.' }),
});

/** The settings as the gateway reads them. */
export function resolveSafetyFilter(file: z.output<typeof safetyFilter>): SafetyFilterSettings {
  return {
    mode: file.mode,
    categories: file.categories,
    blockIf: file.block_if,
    action: file.action,
    fuzzyMatching: file.fuzzy_matching,
    maxDistance: file.max_distance,
    maxAge: file.max_age,
  };
}
