/** Identifiers that a shape, a check and a label word decide about, as rows of a table. */
import { HAS_DIGIT } from '../characters.ts';
import {
  type Candidate,
  CERTAIN,
  CHECKED,
  type Finder,
  LABELLED,
  matchesIn,
  NOT_AFTER,
  NOT_BEFORE,
} from '../candidate.ts';
import type { Region } from '../region.ts';
import type { LabelKind } from '../label-words.ts';
import { createSieve } from '../sieve/sieve.ts';

export interface Rule {
  readonly type: string;
  /** Letters and digits that it has at least. */
  readonly least: number;
  /** In capitals, without boundaries: letters and digits on either side are refused for every rule. */
  readonly shape: string;
  /** The check digits; gets the match without separators, in capitals. */
  readonly check?: (compact: string) => boolean;
  /** Words that name it. */
  readonly labels: readonly LabelKind[];
  /** How many words may stand between label and value; 8 by default. */
  readonly reach?: number;
  /** Found without a label too: always, or only when written with separators. By default never. */
  readonly unnamed?: 'always' | 'parted';
  /** The shape fits most runs of letters and digits: to sift for it would cost more than to search. */
  readonly isLoose?: boolean;
  /** The type, where it depends on the value. */
  readonly typeOf?: (compact: string) => string;
}

const separators = /[ .\-/]/g;
/** A rule at work. */
interface Row {
  readonly rule: Rule;
  /** Its number in the sieve, as a bit; 0 for a loose one. */
  readonly bit: number;
  readonly expression: RegExp;
}

/** A finder for these rows. */
export function createRuleFinder(rules: readonly Rule[]): Finder {
  const tight = rules.filter(({ isLoose }) => isLoose !== true);
  const sieve = createSieve(tight.map(({ shape }) => shape));
  const rows = rules.map((rule): Row => {
    const bit = rule.isLoose === true ? 0 : 1 << tight.indexOf(rule);
    const expression = new RegExp(`${NOT_AFTER}(?:${rule.shape})${NOT_BEFORE}`, bit === 0 ? 'g' : 'y');
    return { rule, bit, expression };
  });
  const least = Math.min(...rules.map((rule) => rule.least));
  return {
    types: [...new Set(rules.map(({ type }) => type))],
    needs: HAS_DIGIT,
    least,
    find(region, add) {
      if (region.compactLength < least) return;
      const active = rows.filter((row) => mayMatch(row, region));
      if (active.length === 0) return;
      const sifted = active.filter(({ bit }) => bit !== 0);
      if (sifted.length > 0)
        for (const [row, match] of siftedMatches(region, sifted, (start) => sieve.at(region.upper, start)))
          consider(region, row.rule, match, add);
      for (const { rule, expression, bit } of active)
        if (bit === 0)
          for (const match of matchesIn(region, expression, region.upper)) consider(region, rule, match, add);
    },
  };
}

/** In a region of this length it is cheaper to search than to look for labels first. */
const SHORT = 40;

/** It is long enough, and a label that a loose rule needs stands somewhere. */
function mayMatch({ rule, bit }: Row, region: Region): boolean {
  const { least, unnamed, labels } = rule;
  if (region.compactLength < least) return false;
  if (bit !== 0 || unnamed !== undefined || region.text.length - region.from <= SHORT) return true;
  return region.labels.mayName(labels);
}

/** The matches of each row, none overlapping another of the same row. */
function siftedMatches(
  { upper, starts }: Region,
  rows: readonly Row[],
  sift: (start: number) => number,
): readonly (readonly [Row, RegExpExecArray])[] {
  const matches: (readonly [Row, RegExpExecArray])[] = [];
  const ends = new Map<Row, number>();
  const wanted = rows.reduce((bits, { bit }) => bits | bit, 0);
  for (const start of starts) {
    const hits = sift(start) & wanted;
    if (hits === 0) continue;
    for (const row of rows) {
      if ((hits & row.bit) === 0 || start < (ends.get(row) ?? 0)) continue;
      row.expression.lastIndex = start;
      const match = row.expression.exec(upper);
      if (match === null) continue;
      matches.push([row, match]);
      ends.set(row, start + match[0].length);
    }
  }
  return matches;
}

function consider(
  { labels }: Region,
  rule: Rule,
  { 0: value, index: start }: RegExpExecArray,
  add: (candidate: Candidate) => void,
): void {
  const compact = value.replace(separators, '');
  if (rule.check?.(compact) === false) return;
  const isNamed = labels.isNamed(rule.labels, start, rule.reach);
  if (!isNamed && !mayBeUnnamed(rule, value, compact)) return;
  if (!isNamed && labels.isNamed(['reference', 'version'], start, 3)) return;
  const isChecked = rule.check !== undefined;
  const weight = isNamed ? (isChecked ? CERTAIN : CHECKED) : isChecked ? CHECKED : LABELLED;
  const type = rule.typeOf?.(compact) ?? rule.type;
  add({ type, start, end: start + value.length, weight });
}

function mayBeUnnamed({ unnamed }: Rule, value: string, compact: string): boolean {
  return unnamed === 'always' || (unnamed === 'parted' && value.length > compact.length);
}
