/** An Aho-Corasick automaton over folded symbols: every phrase of a list in one pass, whatever the split. */
import type { FoldingDepth } from '../folding/fold-character.ts';
import { foldWhole, WORD_END } from '../folding/folder.ts';

export interface Automaton {
  readonly rootAscii: Int32Array;
  /** Open-addressed edges: owner state + 1 (0 is a free slot), symbol, target. */
  readonly edgeOwner: Int32Array;
  readonly edgeSymbol: Uint16Array;
  readonly edgeTarget: Int32Array;
  /** Where to go on when no edge fits: the longest proper suffix that is alive. */
  readonly fallback: Int32Array;
  /** Symbols that are alive in a state; the earliest start that may still become a phrase lies so far back. */
  readonly depth: Int32Array;
  readonly hasOutput: Uint8Array;
  /** Numbers of the phrases that end in a state, the shortest first. */
  readonly outputs: readonly (readonly number[])[];
  /** Symbols of the longest phrase. */
  readonly longest: number;
}

/** The symbols of a phrase, as text is folded: at the edges of its words stand word boundaries. */
export function foldPhrase(phrase: string, depth: FoldingDepth = 'marks'): readonly number[] {
  const { symbols, length } = foldWhole(phrase.trim(), depth);
  return [...symbols.subarray(0, length)];
}

/** The same for a lexicon's phrase: a `*` at its end leaves the last word open, so that `ignor*` meets "ignores". */
export function foldStem(phrase: string, depth: FoldingDepth): readonly number[] {
  if (!phrase.endsWith('*')) return foldPhrase(phrase, depth);
  const symbols = foldPhrase(phrase.slice(0, -1), depth);
  return symbols.at(-1) === WORD_END ? symbols.slice(0, -1) : symbols;
}

/** Builds the automaton; phrase numbers are indexes into the list. Phrases that fold to nothing never match. */
export function buildAutomaton(phrases: readonly (readonly number[])[]): Automaton {
  const trie = growTrie(phrases);
  const count = trie.depth.length;
  const edges = hashEdges(trie);
  const automaton = {
    ...edges,
    rootAscii: new Int32Array(128),
    fallback: new Int32Array(count),
    depth: Int32Array.from(trie.depth),
    hasOutput: new Uint8Array(count),
    outputs: trie.outputs,
    longest: phrases.reduce((most, phrase) => Math.max(most, phrase.length), 0),
  };
  for (let symbol = 0; symbol < 128; symbol += 1) automaton.rootAscii[symbol] = edgeOf(automaton, 0, symbol);
  linkFallbacks(automaton, trie);
  return automaton;
}

interface Trie {
  readonly parent: number[];
  readonly symbol: number[];
  readonly depth: number[];
  readonly outputs: number[][];
  readonly children: Map<number, number>;
}

const keyOf = (state: number, symbol: number): number => state * 65_536 + symbol;

function growTrie(phrases: readonly (readonly number[])[]): Trie {
  const trie: Trie = { parent: [0], symbol: [0], depth: [0], outputs: [[]], children: new Map() };
  phrases.forEach((phrase, number) => {
    let state = 0;
    for (const symbol of phrase) {
      const key = keyOf(state, symbol);
      let next = trie.children.get(key);
      if (next === undefined) {
        next = trie.depth.length;
        trie.children.set(key, next);
        trie.parent.push(state);
        trie.symbol.push(symbol);
        trie.depth.push((trie.depth[state] ?? 0) + 1);
        trie.outputs.push([]);
      }
      state = next;
    }
    if (state !== 0) trie.outputs[state]?.push(number);
  });
  return trie;
}

const mix = (state: number, symbol: number): number =>
  Math.imul(Math.imul(state, 0x9e3779b1) ^ symbol, 0x85ebca6b) >>> 12;

function hashEdges(trie: Trie): Pick<Automaton, 'edgeOwner' | 'edgeSymbol' | 'edgeTarget'> {
  const size = 2 ** Math.ceil(Math.log2(trie.depth.length * 2 + 2));
  const edgeOwner = new Int32Array(size);
  const edgeSymbol = new Uint16Array(size);
  const edgeTarget = new Int32Array(size);
  for (let state = 1; state < trie.depth.length; state += 1) {
    const parent = trie.parent[state] ?? 0;
    const symbol = trie.symbol[state] ?? 0;
    let slot = mix(parent, symbol) & (size - 1);
    while (edgeOwner[slot] !== 0) slot = (slot + 1) & (size - 1);
    edgeOwner[slot] = parent + 1;
    edgeSymbol[slot] = symbol;
    edgeTarget[slot] = state;
  }
  return { edgeOwner, edgeSymbol, edgeTarget };
}

/** The target of an edge, 0 where there is none (no edge leads to the root). */
function edgeOf(
  automaton: Pick<Automaton, 'edgeOwner' | 'edgeSymbol' | 'edgeTarget'>,
  state: number,
  symbol: number,
): number {
  const { edgeOwner, edgeSymbol, edgeTarget } = automaton;
  const mask = edgeOwner.length - 1;
  let slot = mix(state, symbol) & mask;
  for (let owner = edgeOwner[slot] ?? 0; owner !== 0; owner = edgeOwner[slot] ?? 0) {
    if (owner === state + 1 && edgeSymbol[slot] === symbol) return edgeTarget[slot] ?? 0;
    slot = (slot + 1) & mask;
  }
  return 0;
}

/** Breadth first, as Aho and Corasick (1975) do: a state's fallback is found from its parent's. */
function linkFallbacks(automaton: Automaton, trie: Trie): void {
  const order = Array.from({ length: trie.depth.length - 1 }, (_, index) => index + 1);
  order.sort((a, b) => (trie.depth[a] ?? 0) - (trie.depth[b] ?? 0) || a - b);
  for (const state of order) {
    const parent = trie.parent[state] ?? 0;
    const fallback =
      parent === 0 ? 0 : advance(automaton, automaton.fallback[parent] ?? 0, trie.symbol[state] ?? 0);
    automaton.fallback[state] = fallback;
    const outputs = trie.outputs[state];
    outputs?.unshift(...(trie.outputs[fallback] ?? []));
    if ((outputs?.length ?? 0) > 0) automaton.hasOutput[state] = 1;
  }
}

/** The state after one more symbol. */
export function advance(automaton: Automaton, from: number, symbol: number): number {
  for (let state = from; state !== 0; state = automaton.fallback[state] ?? 0) {
    const target = edgeOf(automaton, state, symbol);
    if (target !== 0) return target;
  }
  return symbol < 128 ? (automaton.rootAscii[symbol] ?? 0) : edgeOf(automaton, 0, symbol);
}
