/**
 * Reads chunks that differ from an earlier one in their text alone without parsing them: in the streams of most
 * models that is nearly every chunk.
 */
import { endOfValue } from '../wire/json-text.ts';
import { isObject } from '../wire/json-value.ts';
import type { JsonObject, JsonPath } from '../wire/json-value.ts';
import { indexValues } from '../wire/value-text.ts';
import type { ChunkReading, LocatedText } from '../wire/wire-format.ts';

/** What a chunk says, and data of its shape. */
export interface ReadData {
  readonly data: JsonObject;
  readonly reading: ChunkReading;
}

/** A reading but for its texts. */
type Shape = Omit<ChunkReading, 'deltas'>;

/** A chunk that says nothing but one text, and nothing about the stream that the one with its shape did not say. */
export interface ReadText {
  /** Of its shape. */
  readonly data: JsonObject;
  readonly delta: LocatedText;
  /** What else a chunk of its shape says: see isPlain. */
  readonly shape: Shape;
}

/** A chunk's JSON text with gaps where chunks of its kind differ. */
interface Mould {
  readonly data: JsonObject;
  readonly shape: Shape;
  /** The frame's event name: some formats are read by it. */
  readonly event: string | undefined;
  /** One more than there are gaps. */
  readonly literals: readonly string[];
  readonly gaps: readonly Gap[];
  readonly delta: LocatedText;
}

type Gap = 'text' | 'string' | 'number';

/** Members beside the text that differ from chunk to chunk: OpenAI's padding and the Responses API's count. */
const OTHER_GAPS: readonly JsonPath[] = [['obfuscation'], ['sequence_number']];

/** Enough for the choices and lanes that usually take turns. */
const MAX_MOULDS = 8;

/** A stream whose chunks go on to differ isn't studied any further. */
const MAX_LESSONS = 32;

/** What a JSON string holds only when it is escaped, or never. */
const NOT_PLAIN = /[\\\p{Cc}]/u;

export class ChunkMoulds {
  private readonly moulds: Mould[] = [];
  private lessons = 0;

  /** What the chunk with this event name and JSON text says, if it is of a known shape. */
  read(event: string | undefined, json: string): ReadText | undefined {
    for (const mould of this.moulds) {
      const text = mould.event === event ? fill(mould, json) : undefined;
      if (text === undefined) continue;
      const delta = { ...mould.delta, text };
      return { data: mould.data, delta, shape: mould.shape };
    }
    return undefined;
  }

  /** Remembers the shape of a chunk that was read. */
  learn(event: string | undefined, json: string, { data, reading }: ReadData): void {
    const [delta] = reading.deltas;
    if (delta === undefined || this.lessons >= MAX_LESSONS || !isPlain(data, reading)) return;
    const { deltas: _text, ...shape } = reading;
    const mould: Mould = { event, data, shape, delta, ...gapsOf(json, delta.at) };
    if (fill(mould, json) !== delta.text) return;
    this.moulds[this.lessons % MAX_MOULDS] = mould;
    this.lessons += 1;
  }
}

/** Whether the chunk brings one text and nothing else that anybody would have to look at: ChunkRelay counts on it. */
function isPlain(data: JsonObject, { deltas, ...reading }: ChunkReading): boolean {
  const lists = [reading.wholes, reading.spans, reading.ends, reading.finishes, reading.repairs];
  const isBare = deltas.length === 1 && lists.every((list) => list.length === 0);
  const isBetween = reading.finishReason === undefined && !reading.isFinal && !reading.isAccounting;
  return isBare && isBetween && !isObject(data['usage']) && !isObject(data['meta']);
}

/** @param at where the text stands. */
function gapsOf(json: string, at: JsonPath): Pick<Mould, 'literals' | 'gaps'> {
  const values = indexValues(json);
  const places = [at, ...OTHER_GAPS].flatMap((path, position) => {
    const start = values.startOf(path);
    if (start === undefined) return [];
    const isString = json[start] === '"';
    const end = endOfValue(json, start);
    const gap: Gap = position === 0 ? 'text' : isString ? 'string' : 'number';
    return [isString ? { gap, start: start + 1, end: end - 1 } : { gap, start, end }];
  });
  places.sort((a, b) => a.start - b.start);
  const literals = [...places, undefined].map((place, index) =>
    json.slice(places[index - 1]?.end ?? 0, place?.start),
  );
  return { literals, gaps: places.map(({ gap }) => gap) };
}

/** The text in the gap for it, when all of the JSON text fits the mould. */
function fill({ literals, gaps }: Mould, json: string): string | undefined {
  let text: string | undefined;
  let at = 0;
  for (const [index, literal] of literals.entries()) {
    const end = at + literal.length;
    // A slice and a comparison cost a tenth of startsWith (V8 13.6, literals of 200 characters).
    if (json.slice(at, end) !== literal) return undefined;
    at = end;
    const gap = gaps[index];
    if (gap === undefined) break;
    const endOfGap = gap === 'number' ? endOfDigits(json, at) : json.indexOf('"', at);
    if (endOfGap === -1) return undefined;
    const value = json.slice(at, endOfGap);
    if (NOT_PLAIN.test(value)) return undefined;
    if (gap === 'text') text = value;
    at = endOfGap;
  }
  return at === json.length && text !== '' ? text : undefined;
}

/** The end of a whole number without sign; -1 when there is none. */
function endOfDigits(json: string, start: number): number {
  let end = start;
  while (json.charCodeAt(end) >= 0x30 && json.charCodeAt(end) <= 0x39) end += 1;
  const hasLeadingZero = json.charCodeAt(start) === 0x30 && end > start + 1;
  return end === start || hasLeadingZero ? -1 : end;
}
