/** A chunk of a stream on its way to the caller: what of its text has been judged, and how it is written out. */
import { editJson } from '../wire/edit-json.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import type { JsonObject, JsonPath } from '../wire/json-value.ts';
import type { LaneSpan, LocatedText } from '../wire/wire-format.ts';
import type { LaneFlow } from './lane-flow.ts';
import { withData } from './sse-frame.ts';
import type { SseFrame } from './sse-frame.ts';
import { spanEdits, textEdits } from './text-edits.ts';

/** The text that one chunk brings to one lane, or, without a text, the chunk's place behind that of the lane. */
export interface Part {
  readonly frame: Frame;
  readonly flow: LaneFlow;
  readonly text: LocatedText | undefined;
  /** Judged and not yet sent. */
  shown: string;
  /** UTF-16 units of the chunk's text that are not judged yet. */
  unsettled: number;
  /** What was shown differs from what upstream sent. */
  isChanged: boolean;
}

export interface Frame {
  /** Position among the chunks of the stream. */
  readonly order: number;
  readonly source: SseFrame;
  /** Data of its shape, see Chunk. */
  readonly data: JsonObject;
  /** The JSON text of its data. */
  readonly text: string;
  readonly parts: Part[];
  /** Changes that stand whatever the policies say of its deltas. */
  readonly edits: readonly JsonEdit[];
  readonly spans: readonly (LaneSpan & { readonly flow: LaneFlow })[];
  /** A caller takes it for a part of the answer. */
  readonly hasContent: boolean;
  /** Some of its text went out before the rest was judged. */
  isSplit: boolean;
  /** All of it is out, or is to be kept back. */
  isSent: boolean;
  /** It is to be looked at when chunks are sent. */
  isTouched: boolean;
}

export function openFrame(
  order: number,
  { source, text, data, hasContent }: Pick<Frame, 'source' | 'text' | 'data' | 'hasContent'>,
  edits: readonly JsonEdit[] = [],
  spans: Frame['spans'] = [],
): Frame {
  return {
    order,
    source,
    text,
    data,
    parts: [],
    edits,
    spans,
    hasContent,
    isSplit: false,
    isSent: false,
    isTouched: false,
  };
}

export function addPart(frame: Frame, flow: LaneFlow, text?: LocatedText): Part {
  const part = { frame, flow, text, shown: '', unsettled: text?.text.length ?? 0, isChanged: false };
  frame.parts.push(part);
  return part;
}

export function isSettled(frame: Frame): boolean {
  return frame.parts.every((part) => part.unsettled === 0);
}

/** Nothing of its lanes that came before it still waits. */
export function isNext(frame: Frame): boolean {
  return frame.parts.every((part) => part.flow.isNext(part));
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/**
 * Whether a finished word is judged while the rest waits. White space and punctuation alone wait with the word
 * behind them, so that a chunk of one token goes out with the bytes it came in with.
 */
export function isWorthSplitting(frame: Frame): boolean {
  return frame.parts.some(({ text, shown }) => text?.isGathered !== true && LETTER_OR_DIGIT.test(shown));
}

/** Writes a frame whose text is all judged: its own bytes when nothing changed. */
export function writeFrame(frame: Frame, once: readonly JsonPath[]): string {
  const edits: JsonEdit[] = [
    ...frame.edits,
    ...frame.spans.flatMap((span) => spanEdits(span, span.flow.offsets)),
  ];
  for (const part of frame.parts) {
    if (part.text === undefined || !(part.isChanged || (frame.isSplit && part.text.isGathered !== true)))
      continue;
    edits.push(...textEdits(part.text, part.shown));
    if (part.isChanged) edits.push(...shadowEdits(part.text));
  }
  if (frame.isSplit) edits.push(...once.map((path) => ({ path })));
  return edits.length === 0 ? frame.source.raw : withData(frame.source, editJson(frame.text, edits));
}

/** Writes what is judged of a frame, and leaves the rest for later. What repeats its text comes with that. */
export function writeFirstPart(frame: Frame, once: readonly JsonPath[]): string {
  const edits: JsonEdit[] = [...frame.edits];
  for (const part of frame.parts) {
    const { text } = part;
    if (text === undefined) continue;
    edits.push(...textEdits(text, part.shown), ...shadowEdits(text));
    if (text.isGathered !== true) part.shown = '';
  }
  if (frame.isSplit) edits.push(...once.map((path) => ({ path })));
  frame.isSplit = true;
  return withData(frame.source, editJson(frame.text, edits));
}

function shadowEdits({ shadows = [] }: LocatedText): readonly JsonEdit[] {
  return shadows.map((path) => ({ path }));
}
