/** One step of the simulation of a pattern: every thread at once, each with the offset where its match starts. */
import type { Program } from './program.ts';

/** Conditions of an empty-width instruction, as the engine numbers them. */
const BEGIN_LINE = 1;
const END_LINE = 2;
const BEGIN_TEXT = 4;
const END_TEXT = 8;
const WORD_BOUNDARY = 16;
const NO_WORD_BOUNDARY = 32;
const NEWLINE = 10;
/** No character: before the first, after the last. */
export const NONE = -1;

/** Threads in the order of their priority, so in the order of their starts too. */
export interface Threads {
  readonly at: number[];
  readonly starts: number[];
}

export interface StepResult {
  /** Where the best match that ends before the character starts. */
  readonly matched: number | undefined;
}

const isWord = (point: number): boolean =>
  (point >= 97 && point <= 122) ||
  (point >= 65 && point <= 90) ||
  (point >= 48 && point <= 57) ||
  point === 95;

/** What holds between two characters. */
export function conditionsBetween(before: number, after: number): number {
  return (
    (before === NONE ? BEGIN_TEXT | BEGIN_LINE : before === NEWLINE ? BEGIN_LINE : 0) |
    (after === NONE ? END_TEXT | END_LINE : after === NEWLINE ? END_LINE : 0) |
    (isWord(before) === isWord(after) ? NO_WORD_BOUNDARY : WORD_BOUNDARY)
  );
}

export interface Character {
  /** The character as it stands, and the plain one it looks like. */
  readonly point: number;
  readonly plain: number;
  readonly offset: number;
  readonly conditions: number;
}

/**
 * Moves the threads over a character. A thread that matches ends all of lower priority; a new thread starts
 * here unless a match is known already. Only the threads that go on are left in `threads`.
 */
export function step(program: Program, threads: Threads, character: Character, starts: boolean): StepResult {
  const { point, plain, offset, conditions } = character;
  const seen = new Set<number>();
  const open: number[] = [];
  const next: Threads = { at: [], starts: [] };
  let matched: number | undefined;

  const follow = (from: number, start: number): void => {
    open.push(from);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const instruction = program.instructions[at];
      if (instruction === undefined || seen.has(at)) continue;
      seen.add(at);
      if (instruction.kind === 'fork') open.push(instruction.other, instruction.next);
      else if (instruction.kind === 'jump') open.push(instruction.next);
      else if (instruction.kind === 'assert') {
        if ((instruction.conditions & ~conditions) === 0) open.push(instruction.next);
      } else if (instruction.kind === 'read') {
        if (
          point === NONE ||
          !(instruction.accepts(point) || (plain !== point && instruction.accepts(plain)))
        )
          continue;
        next.at.push(instruction.next);
        next.starts.push(start);
      } else if (instruction.kind === 'match' && start < offset) {
        matched = start;
        open.length = 0;
      }
    }
  };

  for (const [index, at] of threads.at.entries()) {
    if (matched !== undefined) break;
    follow(at, threads.starts[index] ?? offset);
  }
  if (starts && matched === undefined) follow(program.start, offset);
  threads.at.splice(0, threads.at.length, ...next.at);
  threads.starts.splice(0, threads.starts.length, ...next.starts);
  return { matched };
}
