/** What a changed text means for the document it stands in. */
import type { Piece } from '../detectors/piece.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import type { LocatedText, TextSpan } from '../wire/wire-format.ts';
import { OffsetMap } from './offset-map.ts';

/** The edits for a text that stands whole in its document and has become these pieces. */
export function wholeEdits(source: LocatedText, pieces: readonly Piece[]): readonly JsonEdit[] {
  const text = pieces.map((piece) => piece.text).join('');
  if (text === source.text) return [];
  const offsets = new OffsetMap();
  if (source.spans !== undefined) for (const piece of pieces) offsets.add(piece);
  return [
    ...textEdits(source, text),
    ...(source.shadows ?? []).map((path) => ({ path })),
    ...(source.spans ?? []).flatMap((span) => spanEdits(span, offsets)),
  ];
}

/** Writes the text, or takes out what it was gathered from. */
export function textEdits(source: LocatedText, text: string): readonly JsonEdit[] {
  if (source.isGathered === true) return [{ path: source.at }];
  return [{ path: source.at, json: source.isEmbedded === true ? text : JSON.stringify(text) }];
}

/** Moves a span along with its text. */
export function spanEdits({ start, end }: TextSpan, offsets: OffsetMap): readonly JsonEdit[] {
  const from = offsets.move(start.value, 'start');
  const to = offsets.move(end.value, 'end');
  return [
    ...(from === start.value ? [] : [{ path: start.at, json: String(from) }]),
    ...(to === end.value ? [] : [{ path: end.at, json: String(to) }]),
  ];
}
