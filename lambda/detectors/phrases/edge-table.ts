/** A hash table from (state, symbol) to state, in one typed array: the memory of a large automaton's edges. */

/** Slots of four numbers: owner + 1 (0 where the slot is free), symbol, target, unused. */
export interface EdgeTable {
  readonly slots: Int32Array;
  readonly shift: number;
}

const STRIDE_BITS = 2;

/** A table with room for that many edges, at most three quarters full. */
export function createEdgeTable(edges: number): EdgeTable {
  const bits = Math.max(4, Math.ceil(Math.log2((edges * 4) / 3 + 1)));
  return { slots: new Int32Array(1 << (bits + STRIDE_BITS)), shift: 32 - bits };
}

/** Multiplicative hashing (Knuth, volume 3, 6.4): the upper bits of the product are well mixed. */
const slotOf = (shift: number, state: number, symbol: number): number =>
  (Math.imul((state << 12) ^ (symbol + state), 0x9e3779b1) >>> shift) << STRIDE_BITS;

/** The target of an edge, 0 where there is none: no edge leads to the root. */
export function edgeOf({ slots, shift }: EdgeTable, state: number, symbol: number): number {
  const mask = slots.length - 1;
  let slot = slotOf(shift, state, symbol);
  for (;;) {
    const owner = slots[slot] ?? 0;
    if (owner === 0) return 0;
    if (owner === state + 1 && slots[slot + 1] === symbol) return slots[slot + 2] ?? 0;
    slot = (slot + (1 << STRIDE_BITS)) & mask;
  }
}

/** Adds an edge that is not there yet. */
export function addEdge({ slots, shift }: EdgeTable, state: number, symbol: number, target: number): void {
  const mask = slots.length - 1;
  let slot = slotOf(shift, state, symbol);
  while (slots[slot] !== 0) slot = (slot + (1 << STRIDE_BITS)) & mask;
  slots[slot] = state + 1;
  slots[slot + 1] = symbol;
  slots[slot + 2] = target;
}
