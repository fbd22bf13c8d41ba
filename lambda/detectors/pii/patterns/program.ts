/** A compiled pattern of the configuration: the instructions of the linear-time engine, as plain data. */
import { createRequire } from 'node:module';

export type Instruction =
  | { readonly kind: 'fork'; readonly next: number; readonly other: number }
  | { readonly kind: 'jump'; readonly next: number }
  | { readonly kind: 'assert'; readonly next: number; readonly conditions: number }
  | { readonly kind: 'read'; readonly next: number; readonly accepts: (point: number) => boolean }
  | { readonly kind: 'match' }
  | { readonly kind: 'fail' };

export interface Program {
  readonly start: number;
  readonly instructions: readonly Instruction[];
  /** For each ASCII character whether a match can start with it. */
  readonly openers: readonly boolean[];
}

/** A pattern that the engine cannot run. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** What the engine's instructions hold, of its internal form (RE2 and Go's regexp have the same). */
interface EngineInstruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly matchRune: (point: number) => boolean;
}

const ALTERNATIVE = [1, 2];
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const FAIL = 5;
const MATCH = 6;
const NO_OPERATION = 7;
const RUNE = [8, 9];
const ANY_RUNE = 10;
const ANY_BUT_NEWLINE = 11;
const NEWLINE = 10;

/** @throws PatternError when the pattern is not of RE2 syntax. */
export function compilePattern(pattern: string): Program {
  const { start, instructions } = compileWithEngine(pattern);
  const translated = instructions.map((instruction) => translate(instruction, pattern));
  return { start, instructions: translated, openers: openersOf(start, translated) };
}

/**
 * The engine is loaded when the first pattern is compiled: a configuration without patterns doesn't pay for it.
 * In the bundle `require` is resolved when it is built; from source there is none, so Node makes one.
 */
function loadEngine(): unknown {
  try {
    return require('re2js');
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return createRequire(import.meta.url)('re2js');
  }
}

function compileWithEngine(pattern: string): { start: number; instructions: readonly EngineInstruction[] } {
  const compiler = property(loadEngine(), 'RE2JS');
  try {
    const program = property(call(call(compiler, 'compile', pattern), 're2'), 'prog');
    const instructions = property(program, 'inst');
    const start = property(program, 'start');
    if (typeof start !== 'number' || !Array.isArray(instructions) || !instructions.every(isInstruction))
      throw new TypeError('the engine has another form than expected');
    return { start, instructions };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PatternError(`detect_patterns: the linear-time engine cannot run this pattern (${reason})`);
  }
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const property = (value: unknown, name: string): unknown =>
  isObject(value) ? (Reflect.get(value, name) as unknown) : undefined;

function call(value: unknown, name: string, ...input: readonly string[]): unknown {
  const method = property(value, name);
  if (typeof method !== 'function') throw new TypeError(`the engine has no ${name}()`);
  return Reflect.apply(method, value, input) as unknown;
}

function isInstruction(value: unknown): value is EngineInstruction {
  return (
    typeof property(value, 'op') === 'number' &&
    typeof property(value, 'out') === 'number' &&
    typeof property(value, 'arg') === 'number' &&
    typeof property(value, 'matchRune') === 'function'
  );
}

function translate(instruction: EngineInstruction, pattern: string): Instruction {
  const { op, out: next, arg } = instruction;
  if (ALTERNATIVE.includes(op)) return { kind: 'fork', next, other: arg };
  if (op === CAPTURE || op === NO_OPERATION) return { kind: 'jump', next };
  if (op === EMPTY_WIDTH) return { kind: 'assert', next, conditions: arg };
  if (RUNE.includes(op)) return { kind: 'read', next, accepts: (point) => instruction.matchRune(point) };
  if (op === ANY_RUNE) return { kind: 'read', next, accepts: () => true };
  if (op === ANY_BUT_NEWLINE) return { kind: 'read', next, accepts: (point) => point !== NEWLINE };
  if (op === MATCH) return { kind: 'match' };
  if (op === FAIL) return { kind: 'fail' };
  throw new PatternError(`detect_patterns: the pattern uses what a stream cannot have: ${pattern}`);
}

function openersOf(start: number, instructions: readonly Instruction[]): readonly boolean[] {
  const openers = Array.from({ length: 128 }, () => false);
  const seen = new Set<number>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const instruction = instructions[at];
    if (instruction === undefined || instruction.kind === 'match' || instruction.kind === 'fail') continue;
    if (instruction.kind === 'read') {
      for (let point = 0; point < 128; point++) openers[point] ||= instruction.accepts(point);
      continue;
    }
    open.push(instruction.next);
    if (instruction.kind === 'fork') open.push(instruction.other);
  }
  return openers;
}
