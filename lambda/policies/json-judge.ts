/**
 * Judges JSON as it arrives (the arguments of a tool call): each string, key or value, is judged by itself with
 * its escapes read, numbers and anything else that stands bare too. What nothing changed keeps its exact
 * spelling; a replacement is escaped, or quoted where it stands for a number, so valid JSON stays valid.
 */
import type { Piece } from '../detectors/piece.ts';
import type { LaneJudge, Objection, Release } from './policy.ts';

/** A run of decoded text and how it was spelled. */
interface Spelled {
  readonly text: string;
  readonly raw: string;
}

type Place = 'structure' | 'bare' | 'string';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** What ends a bare run. A space does not: a text that is no JSON at all must not hide behind its spaces. */
const STRUCTURE = /["{}[\],:\n]/g;
const QUOTE_OR_BACKSLASH = /["\\]/g;

/** Units of a key that are kept to say what its value is. */
const MAX_KEY_LENGTH = 64;

/** @param open opens a judge for one string; `key` names it, where it is the value of one. */
export function judgeJson(open: (key: string | undefined) => LaneJudge): LaneJudge {
  return new JsonJudge(open);
}

class JsonJudge implements LaneJudge {
  private readonly open: (key: string | undefined) => LaneJudge;
  private place: Place = 'structure';
  private judge: LaneJudge | undefined;
  /** Given to the judge, not yet released by it. */
  private readonly waiting: Spelled[] = [];
  /** An escape that has not arrived whole. */
  private escape = '';
  private pieces: Piece[] = [];
  private objection: Objection | undefined;
  private score: number | undefined;
  private lastString = '';
  private key: string | undefined;

  constructor(open: (key: string | undefined) => LaneJudge) {
    this.open = open;
  }

  push(text: string): Release {
    const source = this.escape + text;
    this.escape = '';
    let index = 0;
    while (index < source.length && this.objection?.action !== 'block') {
      index = this.place === 'string' ? this.readString(source, index) : this.readOutside(source, index);
    }
    return this.take();
  }

  end(): Release {
    if (this.escape !== '') this.feed({ text: this.escape, raw: this.escape });
    this.escape = '';
    this.close();
    return this.take();
  }

  private take(): Release {
    const { pieces, objection, score } = this;
    this.pieces = [];
    this.objection = undefined;
    return {
      pieces,
      ...(objection !== undefined && { objection }),
      ...(score !== undefined && { score }),
    };
  }

  private readOutside(source: string, start: number): number {
    STRUCTURE.lastIndex = start;
    const end = STRUCTURE.test(source) ? STRUCTURE.lastIndex - 1 : source.length;
    if (end > start) {
      const run = source.slice(start, end);
      if (this.place === 'bare' || run.trim() !== '') {
        this.place = 'bare';
        this.feed({ text: run, raw: run });
      } else this.show(run);
      return end;
    }
    this.close();
    const mark = source.slice(start, start + 1);
    this.place = mark === '"' ? 'string' : 'structure';
    if (mark === ':') this.key = this.lastString;
    else if (mark === '}') this.key = undefined;
    else if (mark === '"') this.lastString = '';
    this.show(mark);
    return start + 1;
  }

  private readString(source: string, start: number): number {
    QUOTE_OR_BACKSLASH.lastIndex = start;
    const end = QUOTE_OR_BACKSLASH.test(source) ? QUOTE_OR_BACKSLASH.lastIndex - 1 : source.length;
    if (end > start) {
      const run = source.slice(start, end);
      this.feed({ text: run, raw: run });
      return end;
    }
    if (source[start] === '"') {
      this.close();
      this.place = 'structure';
      this.show('"');
      return start + 1;
    }
    const length = source[start + 1] === 'u' ? 6 : 2;
    if (start + length > source.length) {
      this.escape = source.slice(start);
      return source.length;
    }
    const raw = source.slice(start, start + length);
    this.feed({ text: decodeEscape(raw), raw });
    return start + length;
  }

  private feed(run: Spelled): void {
    this.judge ??= this.open(this.key);
    if (this.lastString.length < MAX_KEY_LENGTH) this.lastString += run.text.slice(0, MAX_KEY_LENGTH);
    this.waiting.push(run);
    this.accept(this.judge.push(run.text));
  }

  private close(): void {
    if (this.judge !== undefined) this.accept(this.judge.end());
    this.judge = undefined;
    this.place = 'structure';
  }

  private accept(release: Release): void {
    for (const piece of release.pieces) {
      const raw = this.spelling(piece.length);
      if (piece.mark === undefined) this.pieces.push({ text: raw, length: raw.length });
      else this.pieces.push({ text: this.spell(piece.text), length: raw.length, mark: piece.mark });
    }
    if (release.objection !== undefined) this.objection ??= release.objection;
    if (release.score !== undefined) this.score = Math.max(this.score ?? 0, release.score);
  }

  private spell(text: string): string {
    const quoted = JSON.stringify(text);
    return this.place === 'bare' ? (text === '' ? '' : quoted) : quoted.slice(1, -1);
  }

  private show(raw: string): void {
    this.pieces.push({ text: raw, length: raw.length });
  }

  /** Takes `length` decoded units off the queue and returns how they were spelled. */
  private spelling(length: number): string {
    let raw = '';
    let left = length;
    while (left > 0) {
      const head = this.waiting[0];
      if (head === undefined) return raw;
      if (head.text.length <= left) {
        raw += head.raw;
        left -= head.text.length;
        this.waiting.shift();
      } else {
        // Only unescaped runs are longer than one unit, and those are spelled as they read.
        raw += head.raw.slice(0, left);
        this.waiting[0] = { text: head.text.slice(left), raw: head.raw.slice(left) };
        left = 0;
      }
    }
    return raw;
  }
}

function decodeEscape(raw: string): string {
  const kind = raw[1] ?? '';
  if (kind === 'u') {
    const code = Number.parseInt(raw.slice(2), 16);
    return Number.isNaN(code) ? raw : String.fromCharCode(code);
  }
  return SIMPLE_ESCAPES[kind] ?? kind;
}
