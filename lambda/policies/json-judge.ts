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

/** `loose` is bare text that is no value of JSON. */
type Place = 'structure' | 'bare' | 'loose' | 'string';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** What stands between strings and bare values; white space, too. */
const NO_STRUCTURE = /[^{}[\],:\s]/g;
/** What ends a bare value. White space and colons do not: text that is no JSON at all must not hide behind them. */
const AFTER_BARE = /["{}[\],]/g;
const QUOTE_OR_BACKSLASH = /["\\]/g;

/** A bare value of JSON: a number, true, false or null. The limit bounds what is kept until it has ended. */
const BARE_VALUE = /^[-+.\w]{1,128}\s{0,128}$/;

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
  /** Released pieces of the bare value that is being read. */
  private bare: Piece[] = [];
  private bareText = '';
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
      index = this.read(source, index);
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

  private read(source: string, start: number): number {
    if (this.place === 'string') return this.readString(source, start);
    return this.place === 'structure' ? this.readStructure(source, start) : this.readBare(source, start);
  }

  private readStructure(source: string, start: number): number {
    NO_STRUCTURE.lastIndex = start;
    const end = NO_STRUCTURE.test(source) ? NO_STRUCTURE.lastIndex - 1 : source.length;
    const marks = source.slice(start, end);
    if (marks.includes(':')) this.key = this.lastString;
    if (marks.includes('}')) this.key = undefined;
    if (marks !== '') this.show(marks);
    if (source[end] === '"') {
      this.place = 'string';
      this.lastString = '';
      this.show('"');
      return end + 1;
    }
    if (end < source.length) this.place = 'bare';
    return end;
  }

  private readBare(source: string, start: number): number {
    AFTER_BARE.lastIndex = start;
    const end = AFTER_BARE.test(source) ? AFTER_BARE.lastIndex - 1 : source.length;
    const run = source.slice(start, end);
    if (this.place === 'bare') {
      this.bareText += run;
      if (!BARE_VALUE.test(this.bareText)) {
        this.place = 'loose';
        this.releaseBare();
      }
    }
    if (run !== '') this.feed({ text: run, raw: run });
    if (end < source.length) this.close();
    return end;
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
    // A judge that has objected is not asked again: at its end it would give what it held.
    if (this.objection?.action === 'block') return;
    if (this.judge !== undefined) this.accept(this.judge.end());
    this.judge = undefined;
    this.releaseBare();
    this.place = 'structure';
  }

  private accept(release: Release): void {
    for (const { text, length, mark } of release.pieces) {
      const raw = this.spelling(length);
      // A replacement that stands for nothing of the text yet has the rest of its mark coming.
      const isVerbatim = mark === undefined && text.length === length;
      const piece: Piece = isVerbatim
        ? { text: raw, length: raw.length }
        : { text: escaped(text), length: raw.length, ...(mark !== undefined && { mark }) };
      if (this.place === 'bare') this.bare.push(piece);
      else this.pieces.push(piece);
    }
    if (release.objection !== undefined) this.objection ??= release.objection;
    if (release.score !== undefined) this.score = Math.max(this.score ?? 0, release.score);
  }

  /** A number in which something was replaced is one no longer: it becomes a string, with all that it consists of. */
  private releaseBare(): void {
    const { bare, bareText } = this;
    this.bare = [];
    this.bareText = '';
    const mark = bare.find((piece) => piece.mark !== undefined)?.mark;
    if (mark === undefined || this.place === 'loose') {
      this.pieces.push(...bare);
      return;
    }
    const shown = bare.map(({ text }) => text).join('');
    const value = shown.trimEnd();
    const space = shown.slice(value.length);
    this.pieces.push({ text: `"${value}"`, length: bareText.length - space.length, mark });
    if (space !== '') this.show(space);
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

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function decodeEscape(raw: string): string {
  const kind = raw[1] ?? '';
  if (kind === 'u') {
    const code = Number.parseInt(raw.slice(2), 16);
    return Number.isNaN(code) ? raw : String.fromCharCode(code);
  }
  return SIMPLE_ESCAPES[kind] ?? kind;
}
