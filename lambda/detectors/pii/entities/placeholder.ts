/** Placeholders of reversible redaction, such as [EMAIL_1]. */
import { HAS_LEFT_BRACKET } from '../characters.ts';
import { CERTAIN, type Finder, matchesIn } from '../candidate.ts';

const shape = /\[(\p{Lu}[\p{Lu}\p{N}_]{0,60})_[1-9]\d{0,8}\]/gu;

export const placeholder: Finder = {
  types: [],
  needs: HAS_LEFT_BRACKET,
  least: 4,
  find(region, add) {
    for (const match of matchesIn(region, shape)) {
      const end = match.index + match[0].length;
      add({ type: match[1] ?? '', start: match.index, end, weight: CERTAIN * 2, placeholder: true });
    }
  },
};
