/** The lexicon of instruction attacks and its rules, built when a text is first judged. */
import type { FoldingDepth } from '../folding/fold-character.ts';
import { compileLexicon, type Lexicon } from '../phrases/lexicon.ts';
import { indexRules, type RuleIndex } from '../phrases/sequence-rules.ts';
import { CONCEPTS, type Concept, type Wordings } from './concepts.ts';
import { boundary, breakout, weakBoundary } from './lexicon/boundaries.ts';
import { reversed, rot13 } from './lexicon/ciphers.ts';
import { mention, model, newTask, pwned, sayOnly } from './lexicon/context.ts';
import { instructions, rules, tasks } from './lexicon/instructions.ts';
import {
  aboveText,
  loosePrompt,
  recite,
  reveal,
  revealLast,
  secret,
  thePrompt,
  whatIs,
  yourPrompt,
  yourSecret,
} from './lexicon/leak.ts';
import {
  all,
  everything,
  ignore,
  ignoreAbove,
  ignoreLast,
  notIgnore,
  previous,
  your,
} from './lexicon/override.ts';
import { developerMode, persona, unrestricted, youAreNow } from './lexicon/persona.ts';
import { INJECTION_RULES, type InjectionRule } from './rules.ts';

const WORDINGS: Readonly<Record<Concept, Wordings>> = {
  ignore,
  'ignore-last': ignoreLast,
  'ignore-above': ignoreAbove,
  'not-ignore': notIgnore,
  previous,
  all,
  everything,
  your,
  instructions,
  rules,
  tasks,
  reveal,
  'reveal-last': revealLast,
  'what-is': whatIs,
  'your-prompt': yourPrompt,
  'the-prompt': thePrompt,
  'loose-prompt': loosePrompt,
  'above-text': aboveText,
  recite,
  'your-secret': yourSecret,
  secret,
  persona,
  'developer-mode': developerMode,
  'you-are-now': youAreNow,
  unrestricted,
  'new-task': newTask,
  'say-only': sayOnly,
  model,
  pwned,
  boundary,
  'weak-boundary': weakBoundary,
  breakout,
  mention,
  rot13,
  reversed,
};

export interface InjectionKnowledge {
  readonly lexicon: Lexicon<Concept>;
  readonly rules: RuleIndex<Concept, InjectionRule>;
}

/** Building takes milliseconds and gives the same each time, so it is done once in a process and only when needed. */
const built = new Map<FoldingDepth, InjectionKnowledge>();

/** Lexicon and rules for text that is folded to the depth. */
export function injectionKnowledge(depth: 'case' | 'bare'): InjectionKnowledge {
  const known = built.get(depth);
  if (known !== undefined) return known;
  const knowledge = {
    lexicon: compileLexicon(CONCEPTS, (concept) => Object.values(WORDINGS[concept]), [depth]),
    rules: indexRules(INJECTION_RULES),
  };
  built.set(depth, knowledge);
  return knowledge;
}
