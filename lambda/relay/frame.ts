/** A chunk of a stream on its way to the caller: what of its text has been judged, and how it is written out. */
import { editJson } from '../wire/edit-json.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import type { Delta } from '../wire/wire-format.ts';
import { withData } from './sse-splitter.ts';
import type { SseFrame } from './sse-splitter.ts';

/** The text that one chunk brings to one lane. */
export interface Part {
  readonly delta: Delta;
  /** Judged and not yet sent. */
  shown: string;
  /** UTF-16 units of the chunk's text that are not judged yet. */
  unsettled: number;
  /** What was shown differs from what upstream sent. */
  isChanged: boolean;
}

export interface Frame {
  readonly source: SseFrame;
  /** The JSON text of its data. */
  readonly data: string;
  readonly parts: readonly Part[];
  /** Changes that stand whatever the policies say of its deltas. */
  readonly edits: readonly JsonEdit[];
  /** A caller takes it for a part of the answer. */
  readonly hasContent: boolean;
  /** A part of its text went out before the rest was judged. */
  isSplit: boolean;
}

export function openPart(delta: Delta): Part {
  return { delta, shown: '', unsettled: delta.text.length, isChanged: false };
}

export function isSettled(frame: Frame): boolean {
  return frame.parts.every((part) => part.unsettled === 0);
}

/**
 * Whether something worth sending is judged while the rest waits. White space alone waits with its word, so
 * that a chunk of one token goes out with the bytes it came in with; a call's first fragment is never sent
 * twice, since clients add up the names in it.
 */
export function isWorthSplitting(frame: Frame): boolean {
  return frame.parts.some(
    (part) => part.unsettled > 0 && part.delta.form === 'text' && part.shown.trim() !== '',
  );
}

/** Writes what is judged of a frame: its own bytes when nothing changed. */
export function writeFrame(frame: Frame): string {
  const isWhole = isSettled(frame);
  if (!isWhole) frame.isSplit = true;
  if (isWhole && !frame.isSplit && frame.edits.length === 0 && frame.parts.every((part) => !part.isChanged)) {
    return frame.source.raw;
  }
  const edits: JsonEdit[] = [...frame.edits];
  for (const part of frame.parts) {
    if (!part.isChanged && !frame.isSplit) continue;
    edits.push({ path: part.delta.at, json: JSON.stringify(part.shown) });
    for (const path of part.delta.shadows ?? []) edits.push({ path });
    part.shown = '';
  }
  return withData(frame.source, editJson(frame.data, edits));
}
