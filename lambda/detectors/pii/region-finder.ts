/** Runs the finders on one region of text: shadow, context, candidates, overlaps, offsets in the source. */
import { HAS_FOREIGN } from './characters.ts';
import { type Candidate, type Finder, type Region, withoutOverlaps } from './candidate.ts';
import { CONTEXT_UNITS, type Finding } from './finding.ts';
import { labelsOf } from './labels.ts';
import { shadowOf, sourceRange } from './shadow.ts';

/** A finding of a region that may go on when the region does. */
export interface RegionFinding extends Finding {
  readonly grows: boolean;
}

/** Finds in `text` from `start` to `end`; offsets of the findings are counted in `text`. */
export type FindInRegion = (
  text: string,
  start: number,
  end: number,
  flags: number,
) => readonly RegionFinding[];

const isPlain = /^[\0-\x7f]*$/;
const NONE: readonly RegionFinding[] = [];

/** A search with these finders. */
export function createRegionFinder(finders: readonly Finder[]): FindInRegion {
  return (text, start, end, flags) => {
    const wanted = finders.filter(({ needs, least }) => (needs & flags) !== 0 && end - start >= least);
    if (wanted.length === 0) return NONE;
    const source = text.slice(start, end);
    const before = text.slice(Math.max(0, start - CONTEXT_UNITS), start);
    const shadow = flags & HAS_FOREIGN ? shadowOf(source) : { text: source };
    const context = isPlain.test(before) ? before : shadowOf(before).text;
    const joined = context + shadow.text;
    const region: Region = { text: joined, from: context.length, flags, labels: labelsOf(joined) };
    const candidates: Candidate[] = [];
    for (const finder of wanted) finder.find(region, (candidate) => candidates.push(candidate));
    return withoutOverlaps(candidates).map((candidate) => {
      const [from, to] = sourceRange(
        shadow,
        source,
        candidate.start - region.from,
        candidate.end - region.from,
      );
      const { type, placeholder } = candidate;
      const isLast = candidate.end === joined.length;
      return {
        type,
        start: start + from,
        end: start + (isLast && candidate.grows === true ? source.length : to),
        grows: candidate.grows === true && isLast,
        ...(placeholder === true && { placeholder }),
      };
    });
  };
}
