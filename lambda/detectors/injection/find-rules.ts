/** Finds the rules of instruction attacks that one view of a text completes. */
import { foldForNow } from '../folding/folder.ts';
import { findConcepts } from '../phrases/find-concepts.ts';
import { trackRules } from '../phrases/sequence-rules.ts';
import { createDamper } from './damp.ts';
import { injectionKnowledge } from './injection-lexicon.ts';
import type { Family, InjectionRule } from './rules.ts';

export interface LocatedRule {
  readonly rule: InjectionRule;
  /** The rule's own weight, or less where the text only talks about an attack. */
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

export interface FoundRules {
  /** In the order in which they are completed. */
  readonly rules: readonly LocatedRule[];
  /** Ciphers whose traces the text has. */
  readonly ciphers: ReadonlySet<'rot13' | 'reversed'>;
}

const NOTHING: FoundRules = { rules: [], ciphers: new Set() };
/** More than these in one text say nothing new. */
const MOST_RULES = 1_000;

/** Finds the rules in a text. */
export function findRules(
  text: string,
  { normalize, families }: { readonly normalize: boolean; readonly families: ReadonlySet<Family> },
): FoundRules {
  const depth = normalize ? 'bare' : 'case';
  const { lexicon, rules: index } = injectionKnowledge(depth);
  const folded = foldForNow(text, depth);
  const hits = findConcepts(folded, lexicon);
  if (hits.length === 0) return NOTHING;
  const tracker = trackRules(index);
  const damp = createDamper(text, hits);
  const latest = new Map<InjectionRule, number>();
  const rules: LocatedRule[] = [];
  const ciphers = new Set<'rot13' | 'reversed'>();
  for (const { concept, first, last, end } of hits) {
    if (concept === 'not-ignore') tracker.forget('ignore');
    if (concept === 'rot13' || concept === 'reversed') ciphers.add(concept);
    for (const fired of tracker.note(concept, first, last)) {
      const start = folded.starts[fired.first] ?? 0;
      if (!families.has(fired.rule.family) || latest.get(fired.rule) === start) continue;
      latest.set(fired.rule, start);
      rules.push({ rule: fired.rule, weight: damp(fired.rule, start, end), start, end });
    }
    if (rules.length > MOST_RULES) break;
  }
  return { rules, ciphers };
}
