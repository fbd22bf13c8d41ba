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
  /** Members that repeat or point into the text (logprobs); removed when the text is changed. */
  readonly shadows?: readonly JsonPath[];
}

/** A part of a lane's text, as one chunk of a stream brings it. */
export interface Delta extends LocatedText {
  /** The same for all deltas of one lane. */
  readonly key: string;
}

export interface ChunkReading {
  readonly deltas: readonly Delta[];
  /** Texts that stand complete in this chunk, e.g. the repetition in a `*.done` event. */
  readonly wholes: readonly LocatedText[];
  /** Prefixes of the keys of the lanes that end with this chunk, its own deltas included. */
  readonly ends: readonly string[];
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
  /** Whether a stream ends with `data: [DONE]`. */
  readonly hasDone: boolean;
  /** Whether usage must be asked for in a stream, and its chunk taken out again. */
  readonly asksForUsage: boolean;
}
