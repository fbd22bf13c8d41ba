/** Identifiers that a shape, a check and a label word decide about, as rows of a table. */
import { HAS_DIGIT } from '../characters.ts';
import { CERTAIN, CHECKED, type Finder, LABELLED, matchesIn, NOT_AFTER, NOT_BEFORE } from '../candidate.ts';
import type { LabelKind } from '../label-words.ts';

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
  /** The type, where it depends on the value. */
  readonly typeOf?: (compact: string) => string;
}

const separators = /[ .\-/]/g;
/** A finder for these rows. */
export function createRuleFinder(rules: readonly Rule[]): Finder {
  const rows = rules.map((rule) => ({
    rule,
    expression: new RegExp(`${NOT_AFTER}(?:${rule.shape})${NOT_BEFORE}`, 'g'),
  }));
  return {
    types: [...new Set(rules.map(({ type }) => type))],
    needs: HAS_DIGIT,
    least: Math.min(...rules.map(({ least }) => least)),
    find(region, add) {
      const length = region.upper.slice(region.from).replace(separators, '').length;
      for (const { rule, expression } of rows) {
        if (length < rule.least) continue;
        for (const match of matchesIn(region, expression, region.upper)) {
          const [value] = match;
          const compact = value.replace(separators, '');
          if (rule.check?.(compact) === false) continue;
          const isNamed = region.labels.isNamed(rule.labels, match.index, rule.reach);
          if (!isNamed && !mayBeUnnamed(rule, value, compact)) continue;
          if (!isNamed && region.labels.isNamed(['reference', 'version'], match.index, 3)) continue;
          const isChecked = rule.check !== undefined;
          const weight = isNamed ? (isChecked ? CERTAIN : CHECKED) : isChecked ? CHECKED : LABELLED;
          const type = rule.typeOf?.(compact) ?? rule.type;
          add({ type, start: match.index, end: match.index + value.length, weight });
        }
      }
    },
  };
}

function mayBeUnnamed({ unnamed }: Rule, value: string, compact: string): boolean {
  return unnamed === 'always' || (unnamed === 'parted' && value.length > compact.length);
}
