/** Finds which label word stands nearest before a candidate. */
import { LABEL_WORDS, type LabelKind } from './label-words.ts';
import { readWords, type Words } from './words.ts';

export interface Labels {
  /**
   * True when a word of this kind stands within `reach` words before `index` and no word of another kind stands
   * between: the nearest label names what follows it.
   */
  isNamed(kinds: LabelKind | readonly LabelKind[], index: number, reach?: number): boolean;
  /** False when no index of the text can be named so. */
  mayName(kinds: readonly LabelKind[]): boolean;
}

interface Label {
  readonly kind: LabelKind;
  /** Words between it and the candidate. */
  readonly distance: number;
}

const kindOfPhrase: ReadonlyMap<string, LabelKind> = new Map(
  LABEL_WORDS.flatMap(([kind, phrases]) => phrases.split(',').map((phrase) => [phrase, kind] as const)),
);

/** Last words of phrases of several words. */
const phraseEnds: ReadonlySet<string> = new Set(
  [...kindOfPhrase.keys()]
    .filter((phrase) => phrase.includes(' '))
    .map((phrase) => phrase.slice(phrase.lastIndexOf(' ') + 1)),
);

/** The kinds of the labels that a word is, or begins. */
const kindsByStart: ReadonlyMap<string, ReadonlySet<LabelKind>> = (() => {
  const kinds = new Map<string, Set<LabelKind>>();
  for (const [phrase, kind] of kindOfPhrase) {
    const [start = ''] = phrase.split(' ', 1);
    kinds.set(start, (kinds.get(start) ?? new Set()).add(kind));
  }
  return kinds;
})();

const REACH = 8;
const LOOK_BACK = 100;
const LONGEST_PHRASE = 3;
const NO_LABELS: readonly Label[] = [];

/** Words by their places. */
type TextOf = (place: number) => string;

/** The longest label that ends with the word `last` and starts with no word before `first`. */
function labelEndingAt(
  textOf: TextOf,
  first: number,
  last: number,
): { kind: LabelKind; length: number } | undefined {
  const end = textOf(last);
  if (phraseEnds.has(end))
    for (let length = Math.min(LONGEST_PHRASE, last - first + 1); length > 1; length--) {
      let phrase = textOf(last - length + 1);
      for (let place = last - length + 2; place <= last; place++) phrase += ` ${textOf(place)}`;
      const kind = kindOfPhrase.get(phrase);
      if (kind !== undefined) return { kind, length };
    }
  const kind = kindOfPhrase.get(end);
  return kind === undefined ? undefined : { kind, length: 1 };
}

/** The labels among the words from `first` up to `count`, the nearest to the end first. */
function labelsAmong(textOf: TextOf, first: number, count: number): readonly Label[] {
  let found: Label[] | undefined;
  for (let last = count - 1; last >= Math.max(first, count - 1 - REACH);) {
    const label = labelEndingAt(textOf, first, last);
    if (label !== undefined) (found ??= []).push({ kind: label.kind, distance: count - 1 - last });
    last -= label?.length ?? 1;
  }
  return found ?? NO_LABELS;
}

/** Every kind of label that is among these words, or that a window may make by cutting one of them. */
function kindsAmong({ count, textOf, startOf }: Words, lastCut: number): ReadonlySet<LabelKind> {
  const kinds = new Set<LabelKind>();
  for (let place = 0; place < count; place++) {
    const text = textOf(place);
    if (startOf(place) < lastCut) addCut(text, kinds);
    if (!phraseEnds.has(text) && !kindOfPhrase.has(text)) continue;
    for (let first = Math.max(0, place - LONGEST_PHRASE + 1); first <= place; first++) {
      const kind = labelEndingAt(textOf, first, place)?.kind;
      if (kind !== undefined) kinds.add(kind);
    }
  }
  return kinds;
}

function addCut(text: string, kinds: Set<LabelKind>): void {
  for (let start = 1; start < text.length; start++)
    for (const kind of kindsByStart.get(text.slice(start)) ?? []) kinds.add(kind);
}

/** The labels of one region's text; its words are read when first asked for. */
export function labelsOf(text: string): Labels {
  let words: Words | undefined;
  let knownIndex = -1;
  let knownFirst = -1;
  let knownCount = -1;
  let known: readonly Label[] = NO_LABELS;
  const labelsBefore = (index: number): readonly Label[] => {
    if (index === knownIndex) return known;
    words ??= readWords(text);
    const window = words.before(Math.max(0, index - LOOK_BACK), index);
    knownIndex = index;
    if (window.cut === undefined && window.first === knownFirst && window.count === knownCount) return known;
    if (window.cut !== undefined) {
      // A word that the window cuts through reads as what is left of it.
      const { cut } = window;
      known = labelsAmong((place) => cut[place] ?? '', 0, cut.length);
      knownCount = -1;
      return known;
    }
    known = labelsAmong(words.textOf, window.first, window.count);
    knownFirst = window.first;
    knownCount = window.count;
    return known;
  };
  let kindsHere: ReadonlySet<LabelKind> | undefined;
  return {
    mayName(kinds) {
      words ??= readWords(text);
      kindsHere ??= kindsAmong(words, text.length - LOOK_BACK);
      const here = kindsHere;
      return here.size > 0 && kinds.some((kind) => here.has(kind));
    },
    isNamed(kinds, index, reach = REACH) {
      const labels = labelsBefore(index);
      const [nearest] = labels;
      if (nearest === undefined || nearest.distance > reach) return false;
      const isWanted = (kind: LabelKind): boolean =>
        typeof kinds === 'string' ? kind === kinds : kinds.includes(kind);
      return (
        isWanted(nearest.kind) ||
        labels.some((label) => isWanted(label.kind) && label.distance <= Math.min(reach, 2))
      );
    },
  };
}
