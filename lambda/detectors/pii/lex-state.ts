/** Where the lexer of regions stands, and what opens and closes a region. */
import { HAS_AT, HAS_DIGIT, HAS_FOREIGN, HAS_LEFT_BRACKET } from './characters.ts';
import { shadowOf } from './shadow.ts';

/** Why the lexer stopped before the end of the text. */
export type LexEvent = 'none' | 'closed' | 'stop' | 'key';

/** Where the lexer stands. Indices count in the text at hand; rebase() moves them with it. */
export interface LexState {
  mode: 'idle' | 'token' | 'gap' | 'word' | 'tail' | 'armour' | 'pass';
  event: LexEvent;
  /** First unit of the open region; where it ends once it is closed. */
  start: number;
  end: number;
  /** Characters of the shadow in the region so far, and how many make it stop for a look. */
  length: number;
  stop: number;
  /** Classes seen in the region before the current group, and in the group. */
  flags: number;
  group: number;
  groupLength: number;
  gapStart: number;
  gapLength: number;
  hasGaps: boolean;
  isIban: boolean;
  /** Square brackets may open a region. */
  readonly brackets: boolean;
}

/** The first length at which an unfinished region is looked at. */
const FIRST_STOP = 40;
/** However many invisible characters a region holds, it is looked at after this many units. */
export const UNITS_LIMIT = 8_192;
/** A token of this length is worth a search even without a digit. */
export const KEY_LENGTH = 16;
const PROMISING = HAS_DIGIT | HAS_AT | HAS_LEFT_BRACKET;

/** The state at the start of a lane. */
export function createLexState(brackets: boolean): LexState {
  return {
    mode: 'idle',
    event: 'none',
    start: 0,
    end: 0,
    length: 0,
    stop: FIRST_STOP,
    flags: 0,
    group: 0,
    groupLength: 0,
    gapStart: 0,
    gapLength: 0,
    hasGaps: false,
    isIban: false,
    brackets,
  };
}

/** Follows a text whose first `units` were dropped. */
export function rebase(state: LexState, units: number): void {
  state.start -= units;
  state.gapStart -= units;
}

/** Ends the open region before `end`; what holds nothing of interest ends in silence. */
export function closeRegion(state: LexState, end: number, resume = end): number {
  state.flags |= state.group;
  state.mode = 'idle';
  state.end = end;
  if ((state.flags & PROMISING) !== 0 || state.length >= KEY_LENGTH) state.event = 'closed';
  return resume;
}

/** The open region up to `end`, normalised. */
export function plainText(state: LexState, text: string, end: number): string {
  const source = text.slice(state.start, end);
  return (state.flags | state.group) & HAS_FOREIGN ? shadowOf(source).text : source;
}

/** Opens a region at this index, which is to be read next. */
export function openRegion(state: LexState, index: number): number {
  state.mode = 'token';
  state.start = index;
  state.stop = FIRST_STOP;
  state.length = 0;
  state.flags = 0;
  state.group = 0;
  state.groupLength = 0;
  state.hasGaps = false;
  state.isIban = false;
  return index;
}
