/** Searches a lane for a pattern of the configuration, in linear time, and knows the earliest start still alive. */
import { foldAt, isSecondHalf } from '../characters.ts';
import type { Finding, Scanner } from '../finding.ts';
import type { Program } from './program.ts';
import { conditionsBetween, createThreads, endThreads, NONE, step, type Threads } from './threads.ts';

/**
 * A live match is held up to this many units. Then a match known so far stands as it is; with none known the
 * front is given up, and what follows is still hidden if the pattern matches in the end.
 */
export const LONGEST_HELD = 1_024;

interface Match {
  readonly start: number;
  readonly end: number;
}

interface State {
  readonly threads: Threads;
  /** Offset of the next character, the one before it, and where that one ends. */
  position: number;
  before: number;
  beforeEnd: number;
  match: Match | undefined;
}

/** A scanner for one pattern, whose findings have this type. */
export function createPatternScanner(program: Program, type: string): Scanner {
  const state: State = {
    threads: createThreads(program),
    position: 0,
    before: NONE,
    beforeEnd: 0,
    match: undefined,
  };
  return {
    scan(text, base, atEnd, found) {
      for (;;) {
        while (state.position - base < text.length && !isDecided(state)) readOne(state, program, text, base);
        if (!isDecided(state) && !(atEnd && finish(state, program))) break;
        acceptMatch(state, type, text, base, found);
      }
      return Math.min(state.threads.starts[0] ?? state.position, state.match?.start ?? state.position);
    },
  };
}

/** A match is known, and no thread can better it. */
const isDecided = ({ match, threads }: State): boolean => match !== undefined && threads.at.length === 0;

function readOne(state: State, program: Program, text: string, base: number): void {
  const { threads, position, match } = state;
  const index = position - base;
  const code = text.charCodeAt(index);
  if (code < 128 && threads.at.length === 0 && program.openers[code] !== true) {
    passOver(state, code, 1);
    return;
  }
  const plain = code < 128 ? code : (foldAt(text, index).codePointAt(0) ?? NONE);
  if (plain === NONE) {
    state.position++;
    return;
  }
  const point = text.codePointAt(index) ?? code;
  const conditions = conditionsBetween(state.before, plain);
  const { matched } = step(
    program,
    threads,
    { point, plain, offset: position, conditions },
    match === undefined,
  );
  if (matched !== undefined) state.match = { start: matched, end: state.beforeEnd };
  passOver(state, plain, point > 0xffff ? 2 : 1);
  limitHold(state, text, base);
}

function passOver(state: State, plain: number, units: number): void {
  state.before = plain;
  state.position += units;
  state.beforeEnd = state.position;
}

function limitHold({ threads, position, match }: State, text: string, base: number): void {
  const limit = position - LONGEST_HELD;
  const earliest = isSecondHalf(text, limit - base) ? limit + 1 : limit;
  if ((threads.starts[0] ?? position) > earliest) return;
  if (match !== undefined) endThreads(threads);
  for (const [index, start] of threads.starts.entries()) threads.starts[index] = Math.max(start, earliest);
}

/** The end of the lane: true when a match is known. */
function finish(state: State, program: Program): boolean {
  const { threads, position: offset, match, before } = state;
  const conditions = conditionsBetween(before, NONE);
  const { matched } = step(
    program,
    threads,
    { point: NONE, plain: NONE, offset, conditions },
    match === undefined,
  );
  if (matched !== undefined) state.match = { start: matched, end: state.beforeEnd };
  return state.match !== undefined;
}

/** Reports the match, and reads on behind it. */
function acceptMatch(state: State, type: string, text: string, base: number, found: Finding[]): void {
  const { match, threads } = state;
  if (match === undefined) return;
  found.push({ type, ...match });
  state.match = undefined;
  endThreads(threads);
  const index = match.end - base;
  state.position = match.end;
  state.beforeEnd = match.end;
  state.before = lastPlain(text, index);
}

function lastPlain(text: string, end: number): number {
  for (let index = end - 1; index >= 0; index--) {
    const point = foldAt(text, index).codePointAt(0);
    if (point !== undefined) return point;
  }
  return NONE;
}
