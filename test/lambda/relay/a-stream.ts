/** Replies as streams of any of the formats, cut and interleaved in every way, and what a client makes of them. */
import fc from 'fast-check';
import type { Chain } from '../../../lambda/policies/chain.ts';
import { StreamRelay } from '../../../lambda/relay/stream-relay.ts';
import type { RelayOptions } from '../../../lambda/relay/stream-relay.ts';
import { chatFormat } from '../../../lambda/wire/chat.ts';
import { asArray, asObject, asString, parseObject } from '../../../lambda/wire/json-value.ts';
import type { JsonObject, JsonValue } from '../../../lambda/wire/json-value.ts';
import type { WireFormat } from '../../../lambda/wire/wire-format.ts';

export const QUIET = { onFinding: () => undefined, onText: () => undefined };

export function aRelay(chain: Chain, changes: Partial<RelayOptions> = {}): StreamRelay {
  return new StreamRelay({
    format: chatFormat,
    chain,
    listener: QUIET,
    passesAccounting: true,
    maxFrameLength: 1_000_000,
    isBuffered: false,
    maxBufferedLength: 1_000_000,
    isErrorFrame: (data) => data['error'] !== undefined,
    ...changes,
  });
}

export type Json = JsonValue;
export type JsonRecord = JsonObject;

/** One lane's text in a reply: where a client shows it, and in which pieces it comes. */
export interface Strand {
  readonly lane: string;
  readonly pieces: readonly string[];
}

/** How one format is written and read. */
export interface Dialect {
  readonly format: WireFormat;
  /** The lanes that replies are made of; those of one list are sent one after the other, lists interleave. */
  readonly lanes: readonly (readonly string[])[];
  readonly chunk: (lane: string, text: string) => JsonRecord;
  /** What follows a lane's last piece. */
  readonly after: (lane: string, text: string) => readonly JsonRecord[];
  readonly finish: (texts: ReadonlyMap<string, string>) => readonly JsonRecord[];
  /** The texts that a client adds up from a chunk, by lane. */
  readonly read: (data: JsonRecord) => readonly (readonly [string, string])[];
  readonly hasDone: boolean;
}

/** Cuts a text at the given places, wherever they fall. */
export function cutAt(text: string, cuts: readonly number[]): readonly string[] {
  const borders = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...borders, text.length].map((end, at) => text.slice(borders[at - 1] ?? 0, end));
}

export const anyCuts = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 6 });

/** How the frames of a stream are written. */
export interface Manner {
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly comments: boolean;
  readonly splitsData: boolean;
  readonly endsWithDone: boolean;
  readonly finishesWithText: boolean;
  readonly byteCuts: readonly number[];
}

export const anyManner: fc.Arbitrary<Manner> = fc.record({
  lineEnd: fc.constantFrom('\n', '\n', '\r\n', '\r'),
  comments: fc.boolean(),
  splitsData: fc.boolean(),
  endsWithDone: fc.boolean(),
  finishesWithText: fc.boolean(),
  byteCuts: anyCuts,
});

/** One frame; JSON may stand in several data lines, cut where white space may stand. */
export function frame(data: JsonRecord, { lineEnd, comments, splitsData }: Manner): string {
  const type = data['type'];
  const json = splitsData ? JSON.stringify(data).replace('{"', '{\n"') : JSON.stringify(data);
  const lines = [
    ...(comments ? [': note'] : []),
    ...(typeof type === 'string' ? [`event: ${type}`] : []),
    ...json.split('\n').map((line) => `data: ${line}`),
  ];
  return lines.map((line) => line + lineEnd).join('') + lineEnd;
}

/** The frames' data, strands interleaved by the picks. */
export function chunksOf(
  dialect: Dialect,
  strands: readonly (readonly Strand[])[],
  picks: readonly number[],
  manner: Manner,
): readonly JsonRecord[] {
  const queues = strands
    .map((strand) => strand.flatMap((lane) => laneChunks(dialect, lane)))
    .filter((queue) => queue.length > 0);
  const chunks: JsonRecord[] = [];
  for (let turn = 0; queues.length > 0; turn += 1) {
    const at = (picks[turn % Math.max(1, picks.length)] ?? 0) % queues.length;
    const next = queues[at]?.shift();
    if (next !== undefined) chunks.push(next);
    if (queues[at]?.length === 0) queues.splice(at, 1);
  }
  const texts = new Map(strands.flat().map(({ lane, pieces }) => [lane, pieces.join('')]));
  const finish = dialect.finish(texts);
  const [last] = chunks.slice(-1);
  return manner.finishesWithText && last !== undefined && dialect.hasDone
    ? [...chunks.slice(0, -1), ...withFinish(last, finish)]
    : [...chunks, ...finish];
}

function laneChunks(dialect: Dialect, { lane, pieces }: Strand): JsonRecord[] {
  return [...pieces.map((text) => dialect.chunk(lane, text)), ...dialect.after(lane, pieces.join(''))];
}

/** Puts the finish reason of the last choice into its last chunk of text. */
function withFinish(last: JsonRecord, finish: readonly JsonRecord[]): readonly JsonRecord[] {
  const [choice] = asList(last['choices']);
  const index = asRecord(choice)['index'] ?? 0;
  const own = finish.find((chunk) => asRecord(asList(chunk['choices'])[0])['index'] === index);
  if (own === undefined) return [last, ...finish];
  const reason = asRecord(asList(own['choices'])[0])['finish_reason'] ?? null;
  const merged = { ...last, choices: [{ ...asRecord(choice), finish_reason: reason }] };
  return [...finish.filter((chunk) => chunk !== own), merged];
}

/** A client: adds up each lane's text from what it is sent. */
export class Reader {
  readonly texts = new Map<string, string>();
  private readonly dialect: Dialect;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** Reads whole frames; returns the lanes that got text. */
  read(sse: string): readonly string[] {
    const lanes: string[] = [];
    for (const data of dataOf(sse)) {
      for (const [lane, text] of this.dialect.read(data)) {
        if (text === '') continue;
        this.texts.set(lane, (this.texts.get(lane) ?? '') + text);
        lanes.push(lane);
      }
    }
    return lanes;
  }
}

export function dataOf(sse: string): readonly JsonRecord[] {
  return sse.split(/\r\n\r\n|\n\n|\r\r/).flatMap((text) => {
    const lines = text.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data: '));
    const json = lines.map((line) => line.slice(6)).join('\n');
    if (json === '' || json === '[DONE]') return [];
    return [parseObject(json) ?? {}];
  });
}

export const asRecord = (value: Json | undefined): JsonRecord => asObject(value) ?? {};
export const asList = asArray;
export const asText = (value: Json | undefined): string => asString(value) ?? '';
