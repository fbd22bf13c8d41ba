/** How much a text looks like an attempt to change who instructs the model, and by which rules. */
import { foldWhole } from '../folding/folder.ts';
import { findConcepts } from '../phrases/find-concepts.ts';
import { trackRules } from '../phrases/sequence-rules.ts';
import { damped } from './damp.ts';
import { injectionKnowledge } from './injection-lexicon.ts';
import type { Family, InjectionRule } from './rules.ts';
import { viewsOf, type View, type ViewName, type ViewOptions } from './views.ts';

/** A rule that fired; offsets are given where the view's text is the text itself. */
export interface InjectionFinding {
  readonly name: string;
  readonly family: Family;
  readonly weight: number;
  readonly view: ViewName;
  readonly start?: number;
  readonly end?: number;
}

export interface InjectionScore {
  /** From 0 to 1: the surest window of the surest view. */
  readonly score: number;
  /** The score of the views that show the text as it is read, without anything decoded. */
  readonly readScore: number;
  readonly rules: readonly InjectionFinding[];
}

export interface InjectionOptions extends ViewOptions {
  readonly families: ReadonlySet<Family>;
}

export const ALL_FAMILIES: ReadonlySet<Family> = new Set<Family>([
  'override',
  'leak',
  'persona',
  'boundary',
  'breakout',
  'secret',
  'steering',
]);

const EVERYTHING: InjectionOptions = {
  decode: true,
  normalize: true,
  homoglyphs: true,
  families: ALL_FAMILIES,
};

/** UTF-16 units over which rules add up: further apart they are no longer one attempt. */
const WINDOW = 600;

interface Located {
  readonly rule: InjectionRule;
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

/** Scores one text, in all its views. */
export function scoreInjection(text: string, options: InjectionOptions = EVERYTHING): InjectionScore {
  let score = 0;
  let readScore = 0;
  const rules: InjectionFinding[] = [];
  for (const view of viewsOf(text, options)) {
    const located = rulesOf(view, options);
    const viewScore = bestWindow(located);
    score = Math.max(score, viewScore);
    if (!view.isDecoded) readScore = Math.max(readScore, viewScore);
    rules.push(...located.map((found) => describe(found, view)));
  }
  return { score, readScore, rules };
}

function describe({ rule, weight, start, end }: Located, view: View): InjectionFinding {
  const base = { name: rule.name, family: rule.family, weight, view: view.name };
  return view.name === 'plain' ? { ...base, start, end } : base;
}

function rulesOf(view: View, options: InjectionOptions): readonly Located[] {
  const depth = options.normalize ? 'bare' : 'case';
  const { lexicon, rules } = injectionKnowledge(depth);
  const folded = foldWhole(view.text, depth);
  const hits = findConcepts(folded, lexicon);
  if (hits.length === 0) return [];
  const tracker = trackRules(rules);
  const located: Located[] = [];
  for (const hit of hits) {
    if (hit.concept === 'not-ignore') tracker.forget('ignore');
    for (const { rule, first } of tracker.note(hit.concept, hit.first, hit.last)) {
      const start = folded.starts[first] ?? 0;
      const found = { rule, start, end: hit.end };
      if (!options.families.has(found.rule.family)) continue;
      located.push({ ...found, weight: damped(view.text, found, hits) });
    }
  }
  return located;
}

/** Families add up as independent hints do: 1 minus the product of the doubts that each leaves. */
function bestWindow(located: readonly Located[]): number {
  let best = 0;
  let from = 0;
  for (let to = 0; to < located.length; to += 1) {
    const last = located[to];
    while (last !== undefined && (located[from]?.start ?? last.start) < last.end - WINDOW && from < to)
      from += 1;
    const surest = new Map<Family, number>();
    for (let index = from; index <= to; index += 1) {
      const { rule, weight } = located[index] ?? { rule: undefined, weight: 0 };
      if (rule !== undefined) surest.set(rule.family, Math.max(surest.get(rule.family) ?? 0, weight));
    }
    let doubt = 1;
    for (const weight of surest.values()) doubt *= 1 - weight;
    best = Math.max(best, 1 - doubt);
  }
  return best;
}
