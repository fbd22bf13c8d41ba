/** Reads over the rest of a secret without a greatest length, in constant memory. */
import { ASCII_CLASS, DIGIT, IGNORE, LOWER, foreignClassAt } from './characters.ts';

export interface Swallow {
  /** How far the secret goes in `text` from `index` on; `isOver` says whether it ended there. */
  read(text: string, index: number, atEnd: boolean): { readonly index: number; readonly isOver: boolean };
}

const TOKEN_MARKS = new Set('_~+/=%-'.split('').map((mark) => mark.charCodeAt(0)));
const BODY_MARKS = new Set('+/=\\:,- \t\r\n'.split('').map((mark) => mark.charCodeAt(0)));
const DOT = 46;
const HYPHEN = 45;
const DASHES = 5;

function isPart(text: string, index: number, marks: ReadonlySet<number>): boolean {
  const code = text.charCodeAt(index);
  if (code >= 128) return foreignClassAt(text, index) === IGNORE;
  const kind = ASCII_CLASS[code] ?? 0;
  return (kind >= LOWER && kind <= DIGIT) || marks.has(code);
}

/** The rest of a key or token: a full stop belongs to it only when more follows. */
export function swallowToken(): Swallow {
  return {
    read(text, from, atEnd) {
      let index = from;
      for (; index < text.length; index++) {
        if (isPart(text, index, TOKEN_MARKS)) continue;
        if (text.charCodeAt(index) !== DOT) return { index, isOver: true };
        if (index + 1 === text.length && !atEnd) return { index, isOver: false };
        if (index + 1 === text.length || !isPart(text, index + 1, TOKEN_MARKS))
          return { index, isOver: true };
      }
      return { index, isOver: false };
    },
  };
}

/** The body of a PEM block up to the dashes that close its last line, or to what no such body contains. */
export function swallowArmour(): Swallow {
  let dashes = 0;
  let runs = 0;
  return {
    read(text, from) {
      for (let index = from; index < text.length; index++) {
        if (!isPart(text, index, BODY_MARKS)) return { index, isOver: true };
        dashes = text.charCodeAt(index) === HYPHEN ? dashes + 1 : 0;
        if (dashes === DASHES && ++runs === 2) return { index: index + 1, isOver: true };
      }
      return { index: text.length, isOver: false };
    },
  };
}
