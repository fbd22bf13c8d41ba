/** Lowers a rule's weight where the text only talks about an attack. */
import type { ConceptHit } from '../phrases/find-concepts.ts';
import type { Concept } from './concepts.ts';
import type { InjectionRule } from './rules.ts';

interface Found {
  readonly rule: InjectionRule;
  readonly start: number;
  readonly end: number;
}

/** "how to ignore", "it ignores", "I forget": told of, not asked of the model. */
const NARRATED =
  /(?:^|[\s("'])(?:to|can|could|should|would|i|we|they|he|she|it|that|who|which|may|might|does|did|will|not)\s+$/i;
const ADDRESSED = /\byou\b|\byour\b|\bplease\b|\bwant\b|\bneed\b|\btask\b|\bhave to\b|\bmust\b|\bnow\b/i;
const OPENING_QUOTE = /["'`«“„‘「『]\s*[^"'`»”“’」』\n]{0,80}$/;

/** The weight that a completed rule deserves at its place. */
export function damped(text: string, found: Found, hits: readonly ConceptHit<Concept>[]): number {
  const { rule, start, end } = found;
  let { weight } = rule;
  if (rule.family === 'steering') return weight;
  const before = text.slice(Math.max(0, start - 120), start);
  if (rule.family === 'override' && NARRATED.test(before) && !ADDRESSED.test(before.slice(-40)))
    weight *= 0.6;
  if (isQuotedMention(before, start, end, hits)) weight *= 0.6;
  return weight;
}

function isQuotedMention(
  before: string,
  start: number,
  end: number,
  hits: readonly ConceptHit<Concept>[],
): boolean {
  if (!OPENING_QUOTE.test(before)) return false;
  return hits.some(
    (hit) => hit.concept === 'mention' && (hit.end <= start ? start - hit.end < 120 : hit.start - end < 60),
  );
}
