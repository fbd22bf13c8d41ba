/** What each wire format says: where text lives in its requests and replies, whole and streamed. */
import type { Lane } from './lane.ts';
import type { JsonObject, JsonPath } from './json-value.ts';

export type ApiRoute = 'chat' | 'completions' | 'responses' | 'messages' | 'embeddings';

/** A text of a document: whose it is, where it stands, and how it is written there. */
export interface LocatedText {
  readonly lane: Lane;
  /** The string's place in the document it was read from. */
  readonly at: JsonPath;
  readonly text: string;
  /** `json`: the text is itself JSON (tool arguments); its strings are judged and it stays valid. */
  readonly form: 'text' | 'json';
  /** The text is the spelling of a JSON value that stands in the document as such, not of a string. */
  readonly isEmbedded?: boolean;
  /** Members that repeat the text (logprobs); removed when the text is changed. */
  readonly shadows?: readonly JsonPath[];
  /** Places of the text that the document points to by number (citations); they move when the text is changed. */
  readonly spans?: readonly TextSpan[];
  /** Says again what stands elsewhere: judged all the same, but what is found in it counts once. */
  readonly isRepetition?: boolean;
  /** The text was put together from what stands at `at` (tokens of logprobs): all of that goes when it must change. */
  readonly isGathered?: boolean;
}

/** A stretch of a text, given elsewhere in the document by two numbers in UTF-16 units. */
export interface TextSpan {
  readonly start: SpanEnd;
  readonly end: SpanEnd;
}

export interface SpanEnd {
  readonly at: JsonPath;
  readonly value: number;
}

/** A stretch of a lane whose text came in other chunks. */
export interface LaneSpan extends TextSpan {
  /** The lane's path. */
  readonly lane: string;
}

/** What one chunk of a stream says. Texts of one lane have the same `lane.path`. */
export interface ChunkReading {
  /** The parts of lanes' texts that this chunk brings, in order. */
  readonly deltas: readonly LocatedText[];
  /** Texts that stand complete in this chunk, e.g. the repetition in a `*.done` event. */
  readonly wholes: readonly LocatedText[];
  readonly spans: readonly LaneSpan[];
  /** Prefixes of the paths of the lanes that end with this chunk, its own deltas included. */
  readonly ends: readonly string[];
  /** The same, by the word of upstreams that are known to say so and go on: believed when the next chunk agrees. */
  readonly finishes: readonly string[];
  /** Whether a caller would take this chunk for the beginning of an answer. */
  readonly hasContent: boolean;
  /** As upstream spells it. */
  readonly finishReason?: string;
  /** The reply is complete by the format's own word; [DONE] is read elsewhere. */
  readonly isFinal: boolean;
  /** Carries nothing but usage or cost that the caller may not have asked for. */
  readonly isAccounting: boolean;
  /** What to change in this chunk before a caller sees it, whatever the policies say. */
  readonly repairs: readonly Repair[];
}

/** A chunk that says nothing. */
export const NO_READING: ChunkReading = Object.freeze({
  deltas: [],
  wholes: [],
  spans: [],
  ends: [],
  finishes: [],
  hasContent: false,
  isFinal: false,
  isAccounting: false,
  repairs: [],
});

/** A change that makes upstream's document what the official clients expect. */
export interface Repair {
  readonly path: JsonPath;
  readonly json?: string;
}

export interface RequestFault {
  readonly message: string;
  /** Dotted path of the field. */
  readonly param: string;
}

export interface WireFormat {
  readonly route: ApiRoute;
  /** Below the target's base URL. */
  readonly upstreamPath: string;
  /** Checks the fields that the gateway reads; everything else passes. */
  checkRequest(body: JsonObject): RequestFault | undefined;
  /** @param source the JSON text that `body` was parsed from; so in the methods below. */
  requestTexts(body: JsonObject, source: string): readonly LocatedText[];
  replyTexts(body: JsonObject, source: string): readonly LocatedText[];
  /** What to change in a whole reply, whatever the policies say. */
  replyRepairs(body: JsonObject): readonly Repair[];
  replyFinishReason(body: JsonObject): string | undefined;
  readChunk(data: JsonObject, event: string | undefined, source: string): ChunkReading;
  /**
   * How a chunk can go out in two parts, each with some of its text: the members that only the first may carry.
   * Undefined when its reader would count something twice.
   */
  readonly partable: (data: JsonObject) => readonly JsonPath[] | undefined;
  /** Whether a stream says texts again when they are complete, in the places where they were streamed. */
  readonly repeatsTexts: boolean;
  /** Whether a stream ends with `data: [DONE]`. */
  readonly hasDone: boolean;
  /** Whether usage must be asked for in a stream, and its chunk taken out again. */
  readonly asksForUsage: boolean;
}
