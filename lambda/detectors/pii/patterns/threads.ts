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
  at: number[];
  starts: number[];
  /** Room for the threads of the next character, and for instructions still to be followed. */
  nextAt: number[];
  nextStarts: number[];
  readonly open: number[];
  /** For each instruction the number of the last step that followed it. */
  readonly followed: Uint32Array;
  steps: number;
}

/** No threads yet. */
export const createThreads = (program: Program): Threads => ({
  at: [],
  starts: [],
  nextAt: [],
  nextStarts: [],
  open: [],
  followed: new Uint32Array(program.instructions.length),
  steps: 0,
});

/** Ends all threads. */
export function endThreads(threads: Threads): void {
  threads.at.length = 0;
  threads.starts.length = 0;
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
  threads.steps++;
  let matched: number | undefined;
  for (const [index, at] of threads.at.entries()) {
    const start = threads.starts[index] ?? character.offset;
    if (follow(program, threads, character, at, start)) matched = start;
    if (matched !== undefined) break;
  }
  if (starts && matched === undefined) follow(program, threads, character, program.start, character.offset);
  const { at, starts: firsts } = threads;
  threads.at = threads.nextAt;
  threads.starts = threads.nextStarts;
  threads.nextAt = at;
  threads.nextStarts = firsts;
  at.length = 0;
  firsts.length = 0;
  return { matched };
}

/** Follows one thread to the instructions that read; true when it matches before the character. */
function follow(
  { instructions }: Program,
  threads: Threads,
  { point, plain, offset, conditions }: Character,
  from: number,
  start: number,
): boolean {
  const { open, followed, steps } = threads;
  open.push(from);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const instruction = instructions[at];
    if (instruction === undefined || followed[at] === steps) continue;
    followed[at] = steps;
    if (instruction.kind === 'fork') open.push(instruction.other, instruction.next);
    else if (instruction.kind === 'jump') open.push(instruction.next);
    else if (instruction.kind === 'assert') {
      if ((instruction.conditions & ~conditions) === 0) open.push(instruction.next);
    } else if (instruction.kind === 'read') {
      const isRead = instruction.accepts(point) || (plain !== point && instruction.accepts(plain));
      if (point === NONE || !isRead) continue;
      threads.nextAt.push(instruction.next);
      threads.nextStarts.push(start);
    } else if (instruction.kind === 'match' && start < offset) {
      open.length = 0;
      return true;
    }
  }
  return false;
}
