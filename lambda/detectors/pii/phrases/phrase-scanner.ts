/**
 * Searches for personal data that is made of words (names, addresses, dates of birth): a run of words that may
 * belong to one phrase is held, and searched when a word came that can't.
 */
import { ASCII_CLASS, BREAK, foreignClassAt, IGNORE, NEWLINE, SPACE } from '../characters.ts';
import { withoutOverlaps } from '../candidate.ts';
import { CONTEXT_UNITS, type Finding, type Scanner } from '../finding.ts';
import { labelsOf } from '../labels.ts';
import { shadowOf, sourceRange } from '../shadow.ts';
import type { PhraseFinder } from './phrase-finder.ts';
import { endsPhrase, joinsPhrase, opensPhrase } from './phrase-words.ts';

/** A phrase is decided at this length, a word too. */
const LONGEST_PHRASE = 200;
/** Spaces and line breaks that may part two words of a phrase. */
const WIDEST_GAP = 3;
const COMMA = 44;

interface State {
  /** Where reading goes on. */
  position: number;
  /** Start of the open phrase and end of its last word; -1 when none is open. */
  start: number;
  end: number;
  /** Start of the unfinished word; -1 between words. */
  word: number;
}

/** A scanner with these finders. */
export function createPhraseScanner(finders: readonly PhraseFinder[]): Scanner {
  const state: State = { position: 0, start: -1, end: -1, word: -1 };
  return {
    scan(text, base, atEnd, found) {
      const close = (): void => {
        if (state.start >= 0) search(finders, text, base, state, found);
        state.start = -1;
      };
      for (; state.position < base + text.length; state.position++) readOne(state, text, base, close);
      if (atEnd) {
        if (state.word >= 0) endWord(state, text, base, close);
        close();
      }
      return Math.min(
        state.start < 0 ? state.position : state.start,
        state.word < 0 ? state.position : state.word,
      );
    },
  };
}

function readOne(state: State, text: string, base: number, close: () => void): void {
  const index = state.position - base;
  const code = text.charCodeAt(index);
  const kind = code < 128 ? (ASCII_CLASS[code] ?? BREAK) : foreignClassAt(text, index);
  const isGap = kind === SPACE || kind === NEWLINE;
  if (!isGap && (kind !== BREAK || code === COMMA)) {
    if (state.word < 0 && kind === IGNORE) return;
    if (state.word < 0) state.word = state.position;
    if (state.position - state.word < LONGEST_PHRASE) return;
  }
  if (state.word >= 0) endWord(state, text, base, close);
  if (!isGap || state.position - state.end >= WIDEST_GAP) close();
}

function endWord(state: State, text: string, base: number, close: () => void): void {
  const word = shadowOf(text.slice(state.word - base, state.position - base)).text;
  if (state.start >= 0 && !joinsPhrase(word)) close();
  if (state.start < 0 && opensPhrase(word)) state.start = state.word;
  state.end = state.position;
  state.word = -1;
  if (endsPhrase(word) || state.end - state.start > LONGEST_PHRASE) close();
}

function search(
  finders: readonly PhraseFinder[],
  text: string,
  base: number,
  { start, end }: State,
  found: Finding[],
): void {
  const from = start - base;
  const source = text.slice(from, end - base);
  const shadow = shadowOf(source);
  const context = shadowOf(text.slice(Math.max(0, from - CONTEXT_UNITS), from)).text;
  const joined = context + shadow.text;
  const labels = labelsOf(joined);
  const candidates = finders.flatMap((finder) => finder({ text: joined, from: context.length, labels }));
  for (const candidate of withoutOverlaps(candidates)) {
    const range = sourceRange(
      shadow,
      source,
      candidate.start - context.length,
      candidate.end - context.length,
    );
    found.push({ type: candidate.type, start: start + range[0], end: start + range[1] });
  }
}
