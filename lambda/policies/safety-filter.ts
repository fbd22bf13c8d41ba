/** The policy against harmful requests and answers, and against the phrases that a configuration forbids. */
import type { SafetyFilterSettings } from '../config/gateway-config.ts';
import { isSafetyCategory } from '../detectors/safety/categories.ts';
import { buildAutomaton, foldPhrase, type Automaton } from '../detectors/phrases/automaton.ts';
import { safetyJudgement, safetyKnowledge } from '../detectors/safety/safety-knowledge.ts';
import {
  createSafetyReader,
  type SafetyReading,
  type SafetySearch,
} from '../detectors/safety/safety-reader.ts';
import type { Lane } from '../wire/lane.ts';
import { verbatim, type LaneJudge, type Objection, type Policy, type Release } from './policy.ts';

/** Makes the policy; lexicon and automata are built when a text is first judged. */
export function createSafetyFilter(settings: SafetyFilterSettings): Policy {
  const judgement = safetyJudgement(settings.mode, settings.categories.filter(isSafetyCategory));
  let phrases: Automaton | undefined;
  const searchFor = (lane: Lane): SafetySearch | undefined => {
    if (settings.blockIf.length > 0)
      phrases ??= buildAutomaton(settings.blockIf.map((text) => foldPhrase(text)));
    const forbidden = phrases === undefined ? {} : { phrases };
    if (!isAuthoritative(lane)) return { ...forbidden, knowledge: safetyKnowledge(settings.mode), judgement };
    return phrases === undefined ? undefined : { ...forbidden, judgement };
  };
  return {
    kind: 'safety-filter',
    begin: () => ({
      openLane: (lane) => {
        const search = searchFor(lane);
        return search && openJudge(search, settings);
      },
    }),
  };
}

/** What the application's own author wrote may name harms; only forbidden phrases count there. */
const isAuthoritative = ({ role, content }: Lane): boolean =>
  role === 'system' || role === 'developer' || content === 'tool_definition';

function openJudge(search: SafetySearch, settings: SafetyFilterSettings): LaneJudge {
  const reader = createSafetyReader(search);
  let held = '';
  let released = 0;
  let isOver = false;
  const release = ({ frontier, finding, score }: SafetyReading): Release => {
    if (finding === undefined) return withScore(take(frontier), score);
    isOver = true;
    const objection = objectionTo(finding.category, settings);
    const passed = objection.action === 'block' ? take(frontier) : take(released + held.length);
    return { ...passed, objection, score };
  };
  const take = (until: number): Release => {
    const ready = held.slice(0, until - released);
    held = held.slice(ready.length);
    released += ready.length;
    return verbatim(ready);
  };
  return {
    push: (text) => {
      if (isOver) return verbatim(text);
      held += text;
      return release(reader.push(text));
    },
    end: () => (isOver ? take(released) : release(reader.end())),
  };
}

function withScore(release: Release, score: number): Release {
  return score === 0 ? release : { ...release, score };
}

function objectionTo(category: string | undefined, { action }: SafetyFilterSettings): Objection {
  const about =
    category === undefined ? 'holds a forbidden phrase' : `is about ${category.replace('_', ' ')}`;
  return { action, reason: 'safety.blocked', message: `the text ${about}` };
}
