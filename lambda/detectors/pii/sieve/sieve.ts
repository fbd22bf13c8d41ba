/**
 * Tells with one look which of many shapes may stand at a place of a text: a deterministic automaton over all of
 * them, built as texts need it. Searching for each shape by itself would read the same digits dozens of times.
 */
import { parseShape, type Shape } from './parse-shape.ts';

/** Shapes of one sieve: their numbers are bits of a mask. */
export const MOST_SHAPES = 31;

export interface Sieve {
  /**
   * The shapes, as bits, that may start at `start` and end where no letter or digit follows. What it says no to
   * doesn't match; what it says yes to has to be tried.
   */
  at(text: string, start: number): number;
}

/** Of the automaton of all ways to go on: what it reads, or where it goes without reading. */
type Place =
  | { readonly kind: 'read'; readonly has: ReadonlySet<number>; readonly next: number }
  | { readonly kind: 'fork'; readonly ways: readonly number[] }
  | { readonly kind: 'end'; readonly bit: number };

/** A set of places that a text can have led to. */
interface State {
  readonly places: readonly number[];
  /** By class of character; absent: not known yet. */
  readonly next: (State | undefined)[];
  readonly accepts: number;
}

/** States in memory; above it what is known is forgotten and found out again. */
const MOST_STATES = 4_096;
const ASCII = 128;

/** @throws TypeError when a shape is written in a way that a sieve can't read, or there are more than MOST_SHAPES. */
export function createSieve(sources: readonly string[]): Sieve {
  if (sources.length > MOST_SHAPES) throw new TypeError(`a sieve has at most ${MOST_SHAPES} shapes`);
  let automaton: Automaton | undefined;
  return {
    at(text, start) {
      automaton ??= createAutomaton(sources);
      return automaton.at(text, start);
    },
  };
}

interface Automaton {
  at(text: string, start: number): number;
}

function createAutomaton(sources: readonly string[]): Automaton {
  const places: Place[] = [];
  const starts = sources.map((source, number) => {
    const end = places.push({ kind: 'end', bit: 1 << number }) - 1;
    return addShape(places, parseShape(source), end);
  });
  const classes = classesOf(places);
  const dead: State = { places: [], next: [], accepts: 0 };
  let states = new Map<string, State>();
  const stateOf = (heads: readonly number[]): State => {
    const reached = [...closure(places, heads)].toSorted((a, b) => a - b);
    if (reached.length === 0) return dead;
    const key = reached.join();
    const known = states.get(key);
    if (known !== undefined) return known;
    const state: State = { places: reached, next: [], accepts: acceptsOf(places, reached) };
    states.set(key, state);
    return state;
  };
  const follow = (state: State, code: number): State => {
    const heads = state.places.flatMap((at) => {
      const place = places[at];
      return place?.kind === 'read' && place.has.has(code) ? [place.next] : [];
    });
    const next = stateOf(heads);
    state.next[classes[code] ?? 0] = next;
    return next;
  };
  let first = stateOf(starts);
  return {
    at(text, start) {
      if (states.size > MOST_STATES) {
        states = new Map();
        first = stateOf(starts);
      }
      let mask = 0;
      let state = first;
      for (let index = start; ; index++) {
        if (state.accepts !== 0 && isBoundary(text, index)) mask |= state.accepts;
        const code = text.charCodeAt(index);
        // Behind the end it is NaN, which is no smaller either.
        if (!(code < ASCII)) return mask;
        state = state.next[classes[code] ?? 0] ?? follow(state, code);
        if (state === dead) return mask;
      }
    },
  };
}

/** No letter or digit follows, nor a mark with a digit behind it. */
function isBoundary(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (isAlphanumeric(code)) return false;
  return !(code >= 45 && code <= 47 && isDigit(text.charCodeAt(index + 1)));
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isAlphanumeric = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/** Adds what reads the shape and goes on at `next`; returns where it begins. */
function addShape(places: Place[], shape: Shape, next: number): number {
  const add = (place: Place): number => places.push(place) - 1;
  switch (shape.kind) {
    case 'set':
      return add({ kind: 'read', has: shape.has, next });
    case 'sequence':
      return shape.parts.reduceRight((after, part) => addShape(places, part, after), next);
    case 'choice':
      return add({ kind: 'fork', ways: shape.parts.map((part) => addShape(places, part, next)) });
    case 'repeat': {
      let at = next;
      for (let count = shape.most; count > shape.least; count--)
        at = add({ kind: 'fork', ways: [addShape(places, shape.part, at), next] });
      for (let count = shape.least; count > 0; count--) at = addShape(places, shape.part, at);
      return at;
    }
  }
}

/** The places that read or end, from these on without reading. */
function closure(places: readonly Place[], heads: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...heads];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const place = places[at];
    if (place?.kind === 'fork') open.push(...place.ways);
    else reached.add(at);
  }
  return reached;
}

function acceptsOf(places: readonly Place[], reached: readonly number[]): number {
  let accepts = 0;
  for (const at of reached) {
    const place = places[at];
    if (place?.kind === 'end') accepts |= place.bit;
  }
  return accepts;
}

/** Characters that no place tells apart have one class. */
function classesOf(places: readonly Place[]): Uint8Array {
  const sets = [...new Set(places.flatMap((place) => (place.kind === 'read' ? [place.has] : [])))];
  const numbers = new Map<string, number>();
  return Uint8Array.from({ length: ASCII }, (_, code) => {
    const key = sets.map((has) => (has.has(code) ? '1' : '0')).join('');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
}
