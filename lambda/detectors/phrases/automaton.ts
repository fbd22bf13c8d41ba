/** An Aho-Corasick automaton over folded symbols: every phrase of a list in one pass, whatever the split. */
import type { FoldingDepth } from '../folding/fold-character.ts';
import { foldWhole } from '../folding/folder.ts';
import { growTrie, type Phrase, type Trie } from './trie.ts';
import { edgeOf } from './edge-table.ts';
import { readBeginnings, type WordBeginnings } from './word-beginnings.ts';

/**
 * The trie of the phrases, and what the search adds to it. Fallbacks, outputs and rows are worked out when the
 * search first comes to a state: of thousands of states a text visits few, and a cold start pays for no others.
 */
export interface Automaton extends Trie {
  /** The longest proper suffix that is alive, where to go on when no edge fits; UNKNOWN until it is needed. */
  readonly fallback: Int32Array;
  /** Whether phrases end in a state: 0 until it is known, then NO or YES. */
  readonly ends: Uint8Array;
  /** Per state its row in `dense`, 0 where it has none: the first states that texts come to have one. */
  readonly row: Uint16Array;
  /** Rows given away. */
  readonly rows: { count: number };
  /** Rows of 128: the next state for each ASCII symbol, UNKNOWN until it is needed. */
  readonly dense: Int32Array;
  /** Where the search need not even begin. */
  readonly beginnings: WordBeginnings;
}

const ASCII = 128;
/** States this close to the root have a row from the beginning: no text can use up those. */
const DENSE_DEPTH = 2;
/** Half a megabyte. */
const MOST_ROWS = 1024;
const UNKNOWN = -1;
const NO = 1;
const YES = 2;

/** A phrase as text is folded: at the edges of its words stand word boundaries. */
export function foldPhrase(phrase: string, depth: FoldingDepth = 'marks'): Phrase {
  const { symbols, length } = foldWhole(phrase.trim(), depth);
  return { symbols, from: 0, to: length };
}

/** Builds the automaton; phrase numbers are indexes into the list. Phrases that fold to nothing never match. */
export function buildAutomaton(phrases: readonly Phrase[]): Automaton {
  const trie = growTrie(phrases);
  const row = new Uint16Array(trie.count);
  const rows = { count: 0 };
  for (let state = 0; state < trie.count && rows.count < MOST_ROWS; state += 1) {
    if (isNearRoot(trie, state)) row[state] = ++rows.count;
  }
  const most = Math.min(MOST_ROWS, trie.count);
  return {
    ...trie,
    row,
    rows,
    fallback: new Int32Array(trie.count).fill(UNKNOWN),
    ends: new Uint8Array(trie.count),
    dense: new Int32Array((most + 1) * ASCII).fill(UNKNOWN),
    beginnings: readBeginnings(phrases),
  };
}

function isNearRoot({ depth, symbol, parent }: Trie, state: number): boolean {
  if ((depth[state] ?? 0) > DENSE_DEPTH) return false;
  let on = state;
  while (on !== 0 && (symbol[on] ?? 0) < ASCII) on = parent[on] ?? 0;
  return on === 0;
}

/** The state after one more symbol. */
export function advance(automaton: Automaton, from: number, symbol: number): number {
  if (symbol < ASCII) {
    const row = automaton.row[from] ?? 0;
    if (row !== 0) {
      const known = automaton.dense[row * ASCII + symbol] ?? UNKNOWN;
      if (known !== UNKNOWN) return known;
    }
  }
  return follow(automaton, from, symbol);
}

function follow(automaton: Automaton, from: number, symbol: number): number {
  const to = edgeOf(automaton.edges, from, symbol);
  const target = to !== 0 || from === 0 ? to : advance(automaton, fallbackOf(automaton, from), symbol);
  const row = automaton.row[from] || newRow(automaton, from);
  if (row !== 0 && symbol < ASCII) automaton.dense[row * ASCII + symbol] = target;
  return target;
}

/** A row for a state that has none; 0 when there are no more. */
function newRow({ row, rows, dense }: Automaton, state: number): number {
  if ((rows.count + 2) * ASCII > dense.length) return 0;
  rows.count += 1;
  row[state] = rows.count;
  return rows.count;
}

/** As Aho and Corasick (1975) find it: where the parent's fallback leads by the same symbol. */
function fallbackOf(automaton: Automaton, state: number): number {
  const { fallback, parent, symbol } = automaton;
  const known = fallback[state] ?? 0;
  if (known !== UNKNOWN) return known;
  const path: number[] = [];
  for (let on = state; fallback[on] === UNKNOWN; on = parent[on] ?? 0) {
    if ((parent[on] ?? 0) === 0) fallback[on] = 0;
    else path.push(on);
  }
  // From the root outwards, so that a long phrase does not nest calls.
  for (let on = path.pop(); on !== undefined; on = path.pop()) {
    fallback[on] = advance(automaton, fallback[parent[on] ?? 0] ?? 0, symbol[on] ?? 0);
  }
  return fallback[state] ?? 0;
}

/** True when a phrase ends in the state. */
export function isEnd(automaton: Automaton, state: number): boolean {
  const known = automaton.ends[state] ?? NO;
  return known === 0 ? findEnd(automaton, state) : known === YES;
}

function findEnd(automaton: Automaton, state: number): boolean {
  let on = state;
  while (on !== 0 && automaton.firstPhrase[on] === 0) on = fallbackOf(automaton, on);
  automaton.ends[state] = on === 0 ? NO : YES;
  return on !== 0;
}

/** The numbers of the phrases that end in the state, the longest first. */
export function phrasesEndingAt(automaton: Automaton, state: number): readonly number[] {
  const numbers: number[] = [];
  for (let on = state; isEnd(automaton, on); on = fallbackOf(automaton, on)) {
    for (let next = automaton.firstPhrase[on] ?? 0; next !== 0; next = automaton.nextPhrase[next - 1] ?? 0) {
      numbers.push(next - 1);
    }
  }
  return numbers;
}
