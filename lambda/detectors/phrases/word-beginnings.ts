/** Tells of most words at a glance that no phrase begins with them: a few kilobytes, where an automaton has hundreds. */
import { WORD_END, WORD_START } from '../folding/folder.ts';
import type { Phrase } from './trie.ts';

/** How the phrases of a list begin. False positives cost time, never a match. */
export interface WordBeginnings {
  /** One bit for each hash of a key (Bloom, 1970, with one hash). A phrase has its first and its second look as keys. */
  readonly bits: Uint32Array;
  /** Bit n is set where a phrase ends after n symbols, within a word. */
  readonly openLengths: number;
  /** By symbol below 128: 1 where no phrase begins with it. */
  readonly idle: Uint8Array;
  /** Nor with any letter or digit of ASCII: inside of a word none begins. */
  readonly areWordsIdle: boolean;
}

const ASCII = 128;
/** Symbols of a word in the first look: fewer if it or the phrase is shorter. */
const FIRST_LOOK = 4;
/** Symbols behind the word's start in the second look: enough to tell "the system" from "the sea". */
const SECOND_LOOK = 9;
const BITS = 16;

/** Bits of a symbol in the key of the first look: ASCII, of others the lowest. */
const SYMBOL_BITS = 7;
const SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;
const TOO_SHORT = -1;
/** The lengths, as bits, of what ends before the first look does. */
const SOONER = (1 << FIRST_LOOK) - 1;

/** The key of a word's first look: its first symbols side by side, which takes a fifth of the time of a hash. */
function firstKey(symbols: Uint16Array, from: number, to: number): number {
  let key = 0;
  for (let count = 0; count < FIRST_LOOK; count += 1) {
    if (from + count >= to) return TOO_SHORT;
    const symbol = symbols[from + count] ?? 0;
    key = (key << SYMBOL_BITS) | (symbol & SYMBOL_MASK);
    if (symbol === WORD_END) break;
  }
  return key;
}

/** Parts the two kinds of keys. */
const SECOND_SEED = 0x5bd1e995;

const mix = (hash: number, symbol: number): number => Math.imul(hash ^ symbol, 0x9e3779b1) ^ (hash >>> 15);
const slotOf = (hash: number): number => Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> (32 - BITS);

/** As text is folded. */
const LETTERS_AND_DIGITS = Array.from('abcdefghijklmnopqrstuvwxyz0123456789', (letter) =>
  letter.charCodeAt(0),
);

/** Reads how the phrases begin. */
export function readBeginnings(phrases: readonly Phrase[]): WordBeginnings {
  const bits = new Uint32Array(1 << (BITS - 5));
  const idle = new Uint8Array(ASCII).fill(1);
  let openLengths = 0;
  for (const { symbols, from, to } of phrases) {
    const first = symbols[from] ?? 0;
    if (from < to && first < ASCII) idle[first] = 0;
    if (first !== WORD_START) continue;
    const length = Math.min(SECOND_LOOK, to - from - 1);
    const firstLook = firstKey(symbols, from + 1, from + 1 + length);
    if (firstLook !== TOO_SHORT) setBit(bits, slotOf(firstLook));
    let hash = 0;
    for (let index = 1; index <= length; index += 1) hash = mix(hash, symbols[from + index] ?? 0);
    if (length > 0) setBit(bits, slotOf(hash ^ SECOND_SEED));
    if (length < SECOND_LOOK && symbols[to - 1] !== WORD_END) openLengths |= 1 << length;
  }
  return { bits, openLengths, idle, areWordsIdle: LETTERS_AND_DIGITS.every((symbol) => idle[symbol] === 1) };
}

/**
 * False when no phrase begins at the symbol with this index. True also where a word begins and too few of its
 * symbols are there to tell.
 */
export function mayBegin(
  beginnings: WordBeginnings,
  symbols: Uint16Array,
  at: number,
  length: number,
): boolean {
  const symbol = symbols[at] ?? 0;
  if (symbol === WORD_START) return mayWordBegin(beginnings, symbols, at + 1, length);
  return symbol >= ASCII || beginnings.idle[symbol] !== 1;
}

/**
 * The index of the first symbol behind this one at which a phrase may begin again, given that none begins here: in a
 * word of ASCII that is its end.
 */
export function nextBeginning(
  { areWordsIdle }: WordBeginnings,
  symbols: Uint16Array,
  at: number,
  length: number,
): number {
  let next = at + 1;
  if (!areWordsIdle || symbols[at] !== WORD_START) return next;
  for (; next < length; next += 1) {
    const symbol = symbols[next] ?? 0;
    if (symbol === WORD_END || symbol >= ASCII) break;
  }
  return next;
}

function mayWordBegin(
  { bits, openLengths }: WordBeginnings,
  symbols: Uint16Array,
  from: number,
  length: number,
): boolean {
  if (from + SECOND_LOOK > length) return true;
  const isKnown = hasBit(bits, slotOf(firstKey(symbols, from, length)));
  // Phrases that end sooner, with their word open, have no first look.
  if (!isKnown && (openLengths & SOONER) === 0) return false;
  let hash = 0;
  const most = isKnown ? SECOND_LOOK : FIRST_LOOK - 1;
  for (let count = 1; count <= most; count += 1) {
    const symbol = symbols[from + count - 1] ?? 0;
    hash = mix(hash, symbol);
    const mayEnd = symbol === WORD_END || count === SECOND_LOOK || ((openLengths >>> count) & 1) === 1;
    if (mayEnd && hasBit(bits, slotOf(hash ^ SECOND_SEED))) return true;
  }
  return false;
}

const hasBit = (bits: Uint32Array, slot: number): boolean =>
  (((bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;

function setBit(bits: Uint32Array, slot: number): void {
  bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
}
