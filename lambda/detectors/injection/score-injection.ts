/** How much a text looks like an attempt to change who instructs the model, and by which rules. */
import { ciphered, hiddenViews, type View, type ViewName, type ViewOptions } from './views/views.ts';
import { findRules, type LocatedRule } from './find-rules.ts';
import { FAMILIES, type Family } from './rules.ts';

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
  /** The score of the views that show the text as it is read, with nothing decoded. */
  readonly readScore: number;
  readonly rules: readonly InjectionFinding[];
}

export interface InjectionOptions extends ViewOptions {
  readonly families: ReadonlySet<Family>;
}

export const ALL_OPTIONS: InjectionOptions = {
  decode: true,
  normalize: true,
  homoglyphs: true,
  families: new Set(FAMILIES),
};

/** Encodings within encodings are undone so often, and no further. */
const MOST_LAYERS = 2;
/** Views of one text, whatever it nests. */
const MOST_VIEWS = 40;

/** Scores one text, in all its views. */
export function scoreInjection(text: string, options: InjectionOptions = ALL_OPTIONS): InjectionScore {
  const plain: View = { name: 'plain', text, isDecoded: false };
  let waiting: readonly View[] = [plain];
  let score = 0;
  let readScore = 0;
  let left = MOST_VIEWS;
  const rules: InjectionFinding[] = [];
  for (let layer = 0; layer <= MOST_LAYERS && waiting.length > 0; layer += 1) {
    const next: View[] = [];
    for (const view of waiting.slice(0, left)) {
      const found = findRules(view.text, options);
      const viewScore = bestWindow(found.rules);
      score = Math.max(score, viewScore);
      if (!view.isDecoded) readScore = Math.max(readScore, viewScore);
      rules.push(...found.rules.map((rule) => describe(rule, view)));
      if (layer < MOST_LAYERS && (view.isDecoded || layer === 0))
        next.push(...within(view, found.ciphers, options));
    }
    left -= waiting.length;
    waiting = left > 0 ? next : [];
  }
  return { score, readScore, rules };
}

function within(
  view: View,
  ciphers: ReadonlySet<'rot13' | 'reversed'>,
  options: InjectionOptions,
): readonly View[] {
  const hidden = hiddenViews(view.text, options);
  const turned = options.decode ? [...ciphers].flatMap((cipher) => ciphered(view.text, cipher)) : [];
  const isDecoded = view.isDecoded;
  return [...hidden, ...turned].map((inner) => ({ ...inner, isDecoded: inner.isDecoded || isDecoded }));
}

function describe({ rule, weight, start, end }: LocatedRule, view: View): InjectionFinding {
  const base = { name: rule.name, family: rule.family, weight, view: view.name };
  return view.name === 'plain' ? { ...base, start, end } : base;
}

/** UTF-16 units over which rules add up: further apart they are no longer one attempt. */
const WINDOW = 600;

/** Families add up as independent hints do: 1 minus the product of the doubts that each leaves. */
function bestWindow(rules: readonly LocatedRule[]): number {
  let best = 0;
  let from = 0;
  for (const [to, { end }] of rules.entries()) {
    while ((rules[from]?.start ?? end) < end - WINDOW && from < to) from += 1;
    best = Math.max(best, combined(rules.slice(from, to + 1)));
  }
  return best;
}

function combined(rules: readonly LocatedRule[]): number {
  const surest = new Map<Family, number>();
  for (const { rule, weight } of rules) {
    surest.set(rule.family, Math.max(surest.get(rule.family) ?? 0, weight));
  }
  return 1 - [...surest.values()].reduce((doubt, weight) => doubt * (1 - weight), 1);
}
