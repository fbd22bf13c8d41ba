/** Rules over concepts: order, nearness, and one word for one step. */
import { describe, expect, it } from 'vitest';
import {
  indexRules,
  trackRules,
  type SequenceRule,
} from '../../../../lambda/detectors/phrases/sequence-rules.ts';

type Concept = 'ignore' | 'previous' | 'rules' | 'other';

const RULES: readonly SequenceRule<Concept>[] = [
  { name: 'triple', steps: [['ignore'], ['previous'], ['rules']], within: 10, weight: 1 },
  { name: 'single', steps: [['other']], within: 0, weight: 1 },
  { name: 'twice', steps: [['rules'], ['rules']], within: 10, weight: 1 },
];

/** Names of the rules completed by concepts that end at the symbols given; each is one symbol long. */
function completed(...notes: readonly (readonly [Concept | 'forget', number])[]): readonly string[] {
  const tracker = trackRules(indexRules<Concept, SequenceRule<Concept>>(RULES));
  return notes.flatMap(([concept, at]) => {
    if (concept !== 'forget')
      return tracker.note(concept, at, at).map(({ rule, first }) => `${rule.name}@${first}`);
    tracker.forget('ignore');
    return [];
  });
}

describe('sequence rules', () => {
  it('are completed by their steps in order', () => {
    expect(completed(['ignore', 1], ['previous', 5], ['rules', 9])).toEqual(['triple@1']);
  });

  it('are not completed out of order', () => {
    expect(completed(['previous', 1], ['ignore', 5], ['rules', 9])).toEqual([]);
  });

  it('are not completed by steps too far apart', () => {
    expect(completed(['ignore', 1], ['previous', 5], ['rules', 16])).toEqual([]);
    expect(completed(['ignore', 1], ['previous', 12], ['rules', 13])).toEqual([]);
  });

  it('may have one step', () => {
    expect(completed(['other', 3])).toEqual(['single@3']);
  });

  it('need one word for each step', () => {
    expect(completed(['rules', 3])).toEqual([]);
    expect(completed(['rules', 3], ['rules', 8])).toEqual(['twice@3']);
  });

  it('go back to nothing when a concept is taken back', () => {
    expect(completed(['ignore', 1], ['forget', 0], ['previous', 5], ['rules', 9])).toEqual([]);
  });

  it('begin anew with the latest first step', () => {
    expect(completed(['ignore', 1], ['ignore', 8], ['previous', 16], ['rules', 20])).toEqual(['triple@8']);
  });
});
