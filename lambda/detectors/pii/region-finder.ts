/** Runs the finders on one region of text: shadow, context, candidates, overlaps, offsets in the source. */
import { HAS_FOREIGN } from './characters.ts';
import { type Candidate, type Finder, withoutOverlaps } from './candidate.ts';
import { CONTEXT_UNITS, type Finding } from './finding.ts';
import { Region } from './region.ts';
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

/** Regions below this length hold no card number, so what belongs to one must be announced before. */
const SHORT = 13;
const NONE: readonly RegionFinding[] = [];

/** A search with these finders, for these kinds; what else a finder finds is left out. */
export function createRegionFinder(finders: readonly Finder[], wanted: ReadonlySet<string>): FindInRegion {
  return (text, start, end, flags) => {
    let region: Region | undefined;
    let before: string | undefined;
    const candidates: Candidate[] = [];
    const add = (candidate: Candidate): void => {
      if (candidate.placeholder === true || wanted.has(candidate.type)) candidates.push(candidate);
    };
    const source = text.slice(start, end);
    const shadow = flags & HAS_FOREIGN ? shadowOf(source) : { text: source };
    for (const finder of finders) {
      if ((finder.needs & flags) === 0 || end - start < finder.least) continue;
      before ??= text.slice(Math.max(0, start - CONTEXT_UNITS), start);
      if (end - start < SHORT && finder.mayFind?.(source, before) === false) continue;
      region ??= new Region(before, shadow.text, flags, (flags & HAS_FOREIGN) !== 0);
      finder.find(region, add);
    }
    if (region === undefined || candidates.length === 0) return NONE;
    const { from, text: joined } = region;
    return withoutOverlaps(candidates).map((candidate) => {
      const range = sourceRange(shadow, source, candidate.start - from, candidate.end - from);
      const grows = candidate.grows === true && candidate.end === joined.length;
      const { type, placeholder } = candidate;
      return {
        type,
        start: start + range[0],
        end: start + (grows ? source.length : range[1]),
        grows,
        ...(placeholder === true && { placeholder }),
      };
    });
  };
}
