/** Finds which label word stands nearest before a candidate. */
import { LABEL_WORDS, type LabelKind } from './label-words.ts';

export interface Labels {
  /**
   * True when a word of this kind stands within `reach` words before `index` and no word of another kind stands
   * between: the nearest label names what follows it.
   */
  isNamed(kinds: LabelKind | readonly LabelKind[], index: number, reach?: number): boolean;
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

const REACH = 8;
const LOOK_BACK = 100;
const LONGEST_PHRASE = 3;

const isPlain = /^[\0-\x7f]*$/;
const accents = /[\u0300-\u036f]/g;
const word = /[A-Za-z]+(?:\d(?![A-Za-z\d]))?/g;
const hump = /([a-z])(?=[A-Z])/g;
const hasHump = /[a-z][A-Z]/;

function wordsBefore(text: string, index: number): readonly string[] {
  const stretch = text.slice(Math.max(0, index - LOOK_BACK), index);
  const plain = isPlain.test(stretch) ? stretch : stretch.normalize('NFD').replace(accents, '');
  const parted = hasHump.test(plain) ? plain.replace(hump, '$1 ') : plain;
  return parted.toLowerCase().match(word) ?? [];
}

function labelEndingAt(
  words: readonly string[],
  last: number,
): { kind: LabelKind; length: number } | undefined {
  const end = words[last] ?? '';
  if (phraseEnds.has(end))
    for (let length = Math.min(LONGEST_PHRASE, last + 1); length > 1; length--) {
      const kind = kindOfPhrase.get(words.slice(last - length + 1, last + 1).join(' '));
      if (kind !== undefined) return { kind, length };
    }
  const kind = kindOfPhrase.get(end);
  return kind === undefined ? undefined : { kind, length: 1 };
}

function labelsBefore(text: string, index: number): readonly Label[] {
  const words = wordsBefore(text, index);
  const found: Label[] = [];
  const first = Math.max(0, words.length - 1 - REACH);
  for (let last = words.length - 1; last >= first;) {
    const label = labelEndingAt(words, last);
    if (label !== undefined) found.push({ kind: label.kind, distance: words.length - 1 - last });
    last -= label?.length ?? 1;
  }
  return found;
}

/** The labels of one region's text; looked up when first asked for. */
export function labelsOf(text: string): Labels {
  let knownIndex = -1;
  let known: readonly Label[] = [];
  return {
    isNamed(kinds, index, reach = REACH) {
      if (index !== knownIndex) {
        known = labelsBefore(text, index);
        knownIndex = index;
      }
      const nearest = known[0];
      if (nearest === undefined || nearest.distance > reach) return false;
      const isWanted = (kind: LabelKind): boolean =>
        typeof kinds === 'string' ? kind === kinds : kinds.includes(kind);
      return (
        isWanted(nearest.kind) ||
        known.some((label) => isWanted(label.kind) && label.distance <= Math.min(reach, 2))
      );
    },
  };
}
