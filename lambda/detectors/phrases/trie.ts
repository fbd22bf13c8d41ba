/** The trie of a list of phrases: one state for each beginning that phrases share. */
import { addEdge, createEdgeTable, edgeOf, type EdgeTable } from './edge-table.ts';

/** The symbols of a phrase: a range of what was folded, for a view of it would cost more than the range. */
export interface Phrase {
  readonly symbols: Uint16Array;
  readonly from: number;
  readonly to: number;
}

/** State 0 is the root; arrays are indexed by state where nothing else is said. */
export interface Trie {
  readonly edges: EdgeTable;
  readonly parent: Int32Array;
  /** By which symbol the state is reached from its parent. */
  readonly symbol: Uint16Array;
  /** Symbols from the root. */
  readonly depth: Int32Array;
  /** The number + 1 of a phrase that ends here, 0 for none; `nextPhrase` (by phrase number) has the others. */
  readonly firstPhrase: Int32Array;
  readonly nextPhrase: Int32Array;
  readonly count: number;
  /** Symbols of the longest phrase. */
  readonly longest: number;
}

/** Grows the trie of the phrases. */
export function growTrie(phrases: readonly Phrase[]): Trie {
  let most = 1;
  let longest = 0;
  for (const { from, to } of phrases) {
    most += to - from;
    longest = Math.max(longest, to - from);
  }
  const edges = createEdgeTable(most);
  const parent = new Int32Array(most);
  const symbol = new Uint16Array(most);
  const depth = new Int32Array(most);
  const firstPhrase = new Int32Array(most);
  const nextPhrase = new Int32Array(phrases.length);
  let count = 1;
  let number = 0;
  for (const { symbols, from, to } of phrases) {
    let state = 0;
    for (let index = from; index < to; index += 1) {
      const by = symbols[index] ?? 0;
      let next = edgeOf(edges, state, by);
      if (next === 0) {
        next = count++;
        parent[next] = state;
        symbol[next] = by;
        depth[next] = index - from + 1;
        addEdge(edges, state, by, next);
      }
      state = next;
    }
    if (state !== 0) {
      nextPhrase[number] = firstPhrase[state] ?? 0;
      firstPhrase[state] = number + 1;
    }
    number += 1;
  }
  return { edges, parent, symbol, depth, firstPhrase, nextPhrase, count, longest };
}
