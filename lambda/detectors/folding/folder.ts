/** Turns text, as it arrives, into the symbols that phrase automata read. */
import { asciiBytes, MOST_BYTES } from './ascii-bytes.ts';
import { foldCharacter, type FoldingDepth } from './fold-character.ts';

/** Stand between the characters where a word begins and ends, so that phrases can demand word boundaries. */
export const WORD_START = 1;
export const WORD_END = 2;

/** Symbols, and for each the UTF-16 offset in the whole text of the character that it came from. */
export interface Folded {
  readonly symbols: Uint16Array;
  readonly starts: Int32Array;
  readonly length: number;
}

export interface Folder {
  push(text: string): Folded;
  /** Closes the last word. */
  end(): Folded;
  /** Offset up to which the text was folded: all of it, but for half a surrogate pair. */
  folded(): number;
}

const WORD_BIT = 0x8000;
const SPACE = 32;

/** As foldCharacter folds ASCII: the symbol, with WORD_BIT for letters and digits; 0 for what nobody sees. */
const ASCII: Uint16Array = Uint16Array.from({ length: 128 }, (_, code) => {
  if (code >= 9 && code <= 13) return SPACE;
  if (code < SPACE || code === 127) return 0;
  const lower = code >= 65 && code <= 90 ? code + 32 : code;
  const isWord = (lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57);
  return lower | (isWord ? WORD_BIT : 0);
});

interface Room {
  readonly symbols: Uint16Array;
  readonly starts: Int32Array;
}

const roomFor = (count: number): Room => ({ symbols: new Uint16Array(count), starts: new Int32Array(count) });
const EMPTY: Folded = { ...roomFor(0), length: 0 };
/** Larger rooms are made for their text alone, so that one of them does not stay in memory. */
const MOST_SHARED = 2 * MOST_BYTES + 2;
/** One for the whole process: to make arrays takes longer than to fill them. */
let shared = roomFor(2 * 1024 + 2);

function sharedRoom(count: number): Room {
  if (count <= shared.symbols.length) return shared;
  const room = roomFor(count);
  if (count <= MOST_SHARED) shared = room;
  return room;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;

interface State {
  symbols: Uint16Array;
  starts: Int32Array;
  length: number;
  /** Of the text at hand within the whole. */
  offset: number;
  inWord: boolean;
  lastWasSpace: boolean;
}

/**
 * A folder for one run of text. The symbols of all pushes and the end, joined, do not depend on the split.
 * What a push gives is overwritten by the next one, of whatever folder.
 */
export function createFolder(depth: FoldingDepth = 'marks'): Folder {
  const state = beginning(EMPTY);
  let carried = '';
  const run = (text: string): Folded => {
    foldShared(state, text, depth);
    state.offset += text.length;
    return { symbols: state.symbols, starts: state.starts, length: state.length };
  };
  return {
    push: (text) => {
      const whole = carried === '' ? text : carried + text;
      if (whole === '') return EMPTY;
      const half = isHighSurrogate(whole.charCodeAt(whole.length - 1));
      carried = half ? whole.slice(-1) : '';
      return run(half ? whole.slice(0, -1) : whole);
    },
    end: () => {
      const rest = run(carried);
      carried = '';
      if (!state.inWord) return rest;
      state.inWord = false;
      emit(state, WORD_END, state.offset);
      return { ...rest, length: state.length };
    },
    folded: () => state.offset,
  };
}

/** All symbols of a text that is there as a whole, to keep. */
export function foldWhole(text: string, depth: FoldingDepth): Folded {
  const state = beginning(roomFor(text.length * 2 + 2));
  foldRun(state, text, depth);
  return closed(state, text);
}

/** All symbols of a text that is there as a whole; overwritten by whatever is folded next. */
export function foldForNow(text: string, depth: FoldingDepth): Folded {
  const state = beginning(EMPTY);
  foldShared(state, text, depth);
  return closed(state, text);
}

const beginning = (room: Room): State => ({
  symbols: room.symbols,
  starts: room.starts,
  length: 0,
  offset: 0,
  inWord: false,
  lastWasSpace: true,
});

function closed(state: State, text: string): Folded {
  if (state.inWord) emit(state, WORD_END, text.length);
  return { symbols: state.symbols, starts: state.starts, length: state.length };
}

type Outcome = Pick<State, 'length' | 'inWord' | 'lastWasSpace'>;

/** What the shared room holds of a text that was read from its beginning: the next policy mostly asks for the same. */
let latest: { readonly text: string; readonly outcome: Outcome } | undefined;

/** Folds into the shared room. All depths fold ASCII alike. */
function foldShared(state: State, text: string, depth: FoldingDepth): void {
  const isBeginning = state.offset === 0 && !state.inWord && state.lastWasSpace;
  const known = isBeginning && latest?.text === text ? latest.outcome : undefined;
  Object.assign(state, sharedRoom(text.length * 2 + 2), { length: 0 });
  if (known !== undefined) {
    Object.assign(state, known);
    return;
  }
  latest = undefined;
  const isAscii = foldRun(state, text, depth);
  if (!isAscii || !isBeginning || state.symbols !== shared.symbols) return;
  const { length, inWord, lastWasSpace } = state;
  latest = { text, outcome: { length, inWord, lastWasSpace } };
}

/** True when the text was folded as ASCII. */
function foldRun(state: State, text: string, depth: FoldingDepth): boolean {
  const bytes = asciiBytes(text);
  if (bytes === undefined) foldUnits(state, text, depth);
  else foldBytes(state, bytes, text.length);
  return bytes !== undefined;
}

/** The hot loop: by table, with everything it touches in locals. */
function foldBytes(state: State, bytes: Uint8Array, count: number): void {
  const { symbols, starts, offset } = state;
  let { length, inWord, lastWasSpace } = state;
  for (let index = 0; index < count; index += 1) {
    const entry = ASCII[bytes[index] ?? 0] ?? 0;
    if (entry === 0) continue;
    // Within a word lastWasSpace is false: no letter is one.
    if (entry >= WORD_BIT) {
      if (!inWord) {
        inWord = true;
        lastWasSpace = false;
        symbols[length] = WORD_START;
        starts[length++] = offset + index;
      }
      symbols[length] = entry ^ WORD_BIT;
      starts[length++] = offset + index;
      continue;
    }
    if (inWord) {
      inWord = false;
      symbols[length] = WORD_END;
      starts[length++] = offset + index;
    }
    if (entry === SPACE && lastWasSpace) continue;
    lastWasSpace = entry === SPACE;
    symbols[length] = entry;
    starts[length++] = offset + index;
  }
  Object.assign(state, { length, inWord, lastWasSpace });
}

/** The same unit by unit, for texts that are short, long or not all ASCII. */
function foldUnits(state: State, text: string, depth: FoldingDepth): void {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128) foldAscii(state, code, index);
    else index += foldWide(state, text, index, depth);
  }
}

function foldAscii(state: State, code: number, index: number): void {
  const entry = ASCII[code] ?? 0;
  if (entry === 0) return;
  const at = state.offset + index;
  const isWord = entry >= WORD_BIT;
  if (isWord !== state.inWord) {
    state.inWord = isWord;
    emit(state, isWord ? WORD_START : WORD_END, at);
  }
  const symbol = entry & 0x7fff;
  if (symbol === SPACE && state.lastWasSpace) return;
  state.lastWasSpace = symbol === SPACE;
  emit(state, symbol, at);
}

/** Folds one character beyond ASCII; gives back how many further code units it took. */
function foldWide(state: State, text: string, index: number, depth: FoldingDepth): number {
  const codePoint = text.codePointAt(index) ?? 0;
  const extra = codePoint > 0xffff ? 1 : 0;
  const { symbols, isWord } = foldCharacter(codePoint, depth);
  if (symbols === '') return extra;
  reserve(state, symbols.length + 2 * (text.length - index) + 2);
  const at = state.offset + index;
  if (isWord !== state.inWord) {
    state.inWord = isWord;
    emit(state, isWord ? WORD_START : WORD_END, at);
  }
  if (symbols === ' ' && state.lastWasSpace) return extra;
  state.lastWasSpace = symbols === ' ';
  for (let unit = 0; unit < symbols.length; unit += 1) emit(state, symbols.charCodeAt(unit), at);
  return extra;
}

function emit(state: State, symbol: number, at: number): void {
  state.symbols[state.length] = symbol;
  state.starts[state.length++] = at;
}

function reserve(state: State, room: number): void {
  if (state.length + room <= state.symbols.length) return;
  const { symbols, starts } = roomFor((state.length + room) * 2);
  symbols.set(state.symbols);
  starts.set(state.starts);
  Object.assign(state, { symbols, starts });
}
