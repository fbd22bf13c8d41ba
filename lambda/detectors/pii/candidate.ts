/** What a finder is, and what it gives back: candidates within a closed region of text. */
import type { Region } from './region.ts';

export interface Candidate {
  readonly type: string;
  /** Indices into the text of the region. */
  readonly start: number;
  readonly end: number;
  /** Of two candidates that overlap, the weightier one stands. */
  readonly weight: number;
  /** It has no greatest length: when it reaches the end of an unfinished region, what follows belongs to it. */
  readonly grows?: boolean;
  readonly placeholder?: boolean;
}

export interface Finder {
  /** The kinds that it can report; it runs only when one of them is wanted. */
  readonly types: readonly string[];
  /** It runs only on regions that have one of these classes. */
  readonly needs: number;
  /** It finds nothing in a shorter region. */
  readonly least: number;
  /** In a short region it finds nothing where this is false: saves most small numbers a search. */
  readonly mayFind?: (source: string, before: string) => boolean;
  find(region: Region, add: (candidate: Candidate) => void): void;
}

/** Weights from a mere shape to a shape with checksum and label. */
export const SHAPE = 10;
export const LABELLED = 20;
export const CHECKED = 30;
export const CERTAIN = 40;

/** Keeps the weightiest of what overlaps, then the longest, then the first; ordered by start. */
export function withoutOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const ranked = [...candidates].sort(
    (a, b) => b.weight - a.weight || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const kept: Candidate[] = [];
  for (const candidate of ranked)
    if (!kept.some((other) => candidate.start < other.end && other.start < candidate.end))
      kept.push(candidate);
  return kept.sort((a, b) => a.start - b.start);
}

/**
 * Letters as a range of an expression: those of the lexer's words. Property escapes and the flags `u` and `i`
 * cost a hundred times as much to compile, which the first request of a cold start would pay.
 */
export const LETTERS = String.raw`A-Za-z\xaa-\u02af\u0370-\u0dff\u0f00-\u1fff`;
/** The value is no part of a longer word or number. */
export const NOT_AFTER = String.raw`(?<![${LETTERS}\d_]|\d[.\-/])`;
export const NOT_BEFORE = String.raw`(?![${LETTERS}\d_]|[.\-/]\d)`;

/** Runs a global expression over the region only; look-behind still sees the context. */
export function matchesIn(
  region: Region,
  expression: RegExp,
  text = region.text,
): readonly RegExpExecArray[] {
  expression.lastIndex = region.from;
  let match = expression.exec(text);
  if (match === null) return NO_MATCHES;
  const matches: RegExpExecArray[] = [];
  for (; match !== null; match = expression.exec(text)) matches.push(match);
  return matches;
}

/** Runs a sticky expression where letters and digits begin that NOT_AFTER lets stand; no match overlaps the one before. */
export function matchesAtStarts(region: Region, expression: RegExp): readonly RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  let end = 0;
  for (const start of region.starts) {
    if (start < end) continue;
    expression.lastIndex = start;
    const match = expression.exec(region.text);
    if (match === null) continue;
    matches.push(match);
    end = start + match[0].length;
  }
  return matches;
}

const NO_MATCHES: readonly RegExpExecArray[] = [];
