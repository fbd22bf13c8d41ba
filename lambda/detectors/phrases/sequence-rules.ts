/** Rules over concepts: what must follow what, and how closely, for a text to mean something. */

export interface SequenceRule<Concept extends string> {
  readonly name: string;
  /** Any one concept of each step, in this order. */
  readonly steps: readonly (readonly Concept[])[];
  /** Symbols, at most, between the ends of two steps. */
  readonly within: number;
  /** How sure the rule is, from 0 to 1. */
  readonly weight: number;
}

/** A rule that was completed, and the symbols (counted from 0) between which that happened. */
export interface Fired<Rule> {
  readonly rule: Rule;
  readonly first: number;
  readonly last: number;
}

interface Place<Rule> {
  readonly rule: Rule;
  readonly step: number;
  readonly slot: number;
}

/** Rules by the concepts that advance them; made once for a list of rules. */
export interface RuleIndex<Concept extends string, Rule extends SequenceRule<Concept>> {
  readonly places: ReadonlyMap<Concept, readonly Place<Rule>[]>;
}

/** Orders the rules by concept. Later steps come first, so that one word does not serve two steps of a rule. */
export function indexRules<Concept extends string, Rule extends SequenceRule<Concept>>(
  rules: readonly Rule[] & readonly SequenceRule<Concept>[],
): RuleIndex<Concept, Rule> {
  const places = new Map<Concept, Place<Rule>[]>();
  let slots = 0;
  for (const rule of rules) {
    for (let step = rule.steps.length - 1; step >= 0; step -= 1) {
      for (const concept of rule.steps[step] ?? []) {
        const list = places.get(concept) ?? [];
        list.push({ rule, step, slot: slots + step });
        places.set(concept, list);
      }
    }
    slots += rule.steps.length;
  }
  return { places };
}

/** Follows the rules through one text: tell it each concept in order and it says which rules that completes. */
export interface RuleTracker<Concept extends string, Rule> {
  note(concept: Concept, first: number, last: number): readonly Fired<Rule>[];
  /** Takes back what a concept has advanced. */
  forget(concept: Concept): void;
}

const NONE: readonly never[] = [];

/** Numbers of the symbols at which a step's rule began and the step itself ended. */
interface Reached {
  readonly first: number;
  readonly last: number;
}

/** A tracker for one text. */
export function trackRules<Concept extends string, Rule extends SequenceRule<Concept>>(
  index: RuleIndex<Concept, Rule>,
): RuleTracker<Concept, Rule> {
  /** By slot, how far a rule has come. Plain text advances a handful of hundreds: to lay them all out would cost more. */
  const reached = new Map<number, Reached>();
  const advanceStep = (place: Place<Rule>, first: number, last: number): Reached | undefined => {
    const { step, slot, rule } = place;
    let from = first;
    if (step > 0) {
      const before = reached.get(slot - 1);
      if (before === undefined || last - before.last > rule.within || first < before.last) return undefined;
      from = before.first;
    }
    const now = { first: from, last };
    reached.set(slot, now);
    return step === rule.steps.length - 1 ? now : undefined;
  };
  return {
    note: (concept, first, last) => {
      let fired: Fired<Rule>[] | undefined;
      for (const place of index.places.get(concept) ?? NONE) {
        const end = advanceStep(place, first, last);
        if (end !== undefined) (fired ??= []).push({ rule: place.rule, ...end });
      }
      return fired ?? NONE;
    },
    forget: (concept) => {
      for (const { slot } of index.places.get(concept) ?? NONE) reached.delete(slot);
    },
  };
}
