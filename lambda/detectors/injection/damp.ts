/** Lowers a rule's weight where the text only talks about an attack. */
import type { ConceptHit } from '../phrases/find-concepts.ts';
import type { Concept } from './concepts.ts';
import type { InjectionRule } from './rules.ts';

/** Told of, not asked of the model: "how to ignore", "it should ignore", "I forget". */
const NARRATED =
  /(?:^|[\s("'])(?:to|can|could|should|would|i|we|they|he|she|it|that|who|which|may|might|does|did|will|not)\s+$/i;
const ADDRESSED = /\b(?:you|your|please|want|need|task|have to|must|now)\b/i;
/** A quotation that was opened and not closed. */
const IN_QUOTES = /["'`«“„‘「『]\s*[^"'`»”“’」』\n]{0,80}$/;

const DAMPED = 0.6;
/** UTF-16 units before and behind a quotation where words may tell that it is one. */
const MENTION_BEFORE = 120;
const MENTION_AFTER = 60;

/** The weight that a rule deserves where it was completed. */
export type Damper = (rule: InjectionRule, start: number, end: number) => number;

/** A damper for one text and the concepts found in it. */
export function createDamper(text: string, hits: readonly ConceptHit<Concept>[]): Damper {
  const mentions = hits.filter(({ concept }) => concept === 'mention');
  return (rule, start, end) => {
    if (rule.family === 'steering') return rule.weight;
    const before = text.slice(Math.max(0, start - MENTION_BEFORE), start);
    let { weight } = rule;
    const isNarrated = NARRATED.test(before) && !ADDRESSED.test(before.slice(-40));
    if (rule.family === 'override' && isNarrated) weight *= DAMPED;
    if (IN_QUOTES.test(before) && isMentioned(mentions, start, end)) weight *= DAMPED;
    return weight;
  };
}

function isMentioned(mentions: readonly ConceptHit<Concept>[], start: number, end: number): boolean {
  let index = firstEndingAfter(mentions, start - MENTION_BEFORE);
  for (
    let hit = mentions[index];
    hit !== undefined && hit.start < end + MENTION_AFTER;
    hit = mentions[index]
  ) {
    if (hit.end <= start || hit.start >= end) return true;
    index += 1;
  }
  return false;
}

/** Hits are ordered by their ends. */
function firstEndingAfter(hits: readonly ConceptHit<Concept>[], offset: number): number {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
