/** Turns the findings of a lane into released pieces, and holds what may still become part of a finding. */
import { CONTEXT_UNITS, type Finding, type Scanner } from '../../detectors/pii/finding.ts';
import type { Piece } from '../../detectors/piece.ts';
import { type LaneJudge, NOTHING, type Objection, type Release } from '../policy.ts';

export interface LaneRules {
  readonly scanner: Scanner;
  /** What is shown for a finding whose text is `value`. */
  readonly show: (finding: Finding, value: string) => Piece;
  /** What is shown for the rest of a finding that goes on; absent: findings are held until they are whole. */
  readonly extend?: (units: number) => string;
  /** The objection to a finding, where one ends the text. */
  readonly object?: (finding: Finding) => Objection | undefined;
}

/** The released context that is kept may grow to this before it is cut. */
const CONTEXT_SLACK = 256;

/** The text of a lane from the earliest offset that is still needed. */
interface Held {
  text: string;
  base: number;
  /** Everything before this offset was released. */
  released: number;
  /** First half of a surrogate pair whose second half has not come. */
  half: string;
  /** A finding that may still go on, with what belongs to it so far. */
  open: { readonly finding: Finding; readonly end: number } | undefined;
}

/** A judge for one lane. */
export function createLaneJudge(rules: LaneRules): LaneJudge {
  const held: Held = { text: '', base: 0, released: 0, half: '', open: undefined };
  return {
    push: (text) => (text === '' ? NOTHING : read(held, rules, takeWholePairs(held, text), false)),
    end: () => read(held, rules, held.half, true),
  };
}

function takeWholePairs(held: Held, text: string): string {
  const last = text.charCodeAt(text.length - 1);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  const whole = held.half + (isHalf ? text.slice(0, -1) : text);
  held.half = isHalf ? text.slice(-1) : '';
  return whole;
}

function read(held: Held, rules: LaneRules, text: string, atEnd: boolean): Release {
  held.text += text;
  const found: Finding[] = [];
  const safe = rules.scanner.scan(held.text, held.base, atEnd, found);
  const pieces: Piece[] = [];
  for (const finding of found) {
    const objection = rules.object?.(finding);
    if (objection !== undefined) {
      releaseText(held, finding.start, pieces);
      return { pieces, objection };
    }
    releaseFinding(held, rules, finding, pieces);
  }
  if (held.open !== undefined && (atEnd || safe > held.open.end)) releaseOpen(held, rules, pieces);
  releaseText(held, safe, pieces);
  forget(held, Math.min(safe, held.open?.finding.start ?? safe));
  return pieces.length === 0 ? NOTHING : { pieces };
}

function releaseText(held: Held, until: number, pieces: Piece[]): void {
  if (until <= held.released || held.open !== undefined) return;
  const text = held.text.slice(held.released - held.base, until - held.base);
  pieces.push({ text, length: text.length });
  held.released = until;
}

function releaseFinding(held: Held, rules: LaneRules, finding: Finding, pieces: Piece[]): void {
  const { start, end, type } = finding;
  if (rules.extend === undefined) {
    holdFinding(held, rules, finding, pieces);
    return;
  }
  if (end <= held.released) return;
  if (finding.more !== true && start >= held.released) {
    releaseText(held, start, pieces);
    pieces.push(rules.show(finding, held.text.slice(start - held.base, end - held.base)));
  } else {
    pieces.push({
      text: rules.extend(end - held.released),
      length: end - held.released,
      mark: { type, continues: true },
    });
  }
  held.released = end;
}

/** Keeps a finding back until it is known where it ends; what overlaps it becomes part of it. */
function holdFinding(held: Held, rules: LaneRules, finding: Finding, pieces: Piece[]): void {
  const { open } = held;
  if (open !== undefined && (finding.start < open.end || finding.more === true)) {
    held.open = { finding: open.finding, end: Math.max(open.end, finding.end) };
    return;
  }
  releaseOpen(held, rules, pieces);
  releaseText(held, finding.start, pieces);
  held.open = { finding, end: finding.end };
}

function releaseOpen(held: Held, rules: LaneRules, pieces: Piece[]): void {
  if (held.open === undefined) return;
  const { finding, end } = held.open;
  pieces.push(rules.show(finding, held.text.slice(finding.start - held.base, end - held.base)));
  held.open = undefined;
  held.released = end;
}

/** Drops what no later decision needs. */
function forget(held: Held, needed: number): void {
  const units = Math.min(needed, held.released) - CONTEXT_UNITS - held.base;
  if (units < CONTEXT_SLACK) return;
  held.text = held.text.slice(units);
  held.base += units;
}
