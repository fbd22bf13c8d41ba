/** Has one entry of the chain judge one whole text. */
import type { Piece } from '../detectors/piece.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import type { BlockedBy, Stage, StageRelease } from './stage.ts';
import { BLOCK_UNITS, type Turns } from './turns.ts';

/** One text after the chain: as it is now, and the pieces that led from the original to it. */
export interface JudgedText {
  readonly source: LocatedText;
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly isChanged: boolean;
}

/** UTF-16 units that are judged at one go: policies share what they read of one text, which they can't of its blocks. */
const MOST_AT_ONE_GO = 64 * 1024;

export const isLong = ({ text }: JudgedText): boolean => text.length > MOST_AT_ONE_GO;

export function judgeText(stage: Stage, judged: JudgedText): JudgedText | BlockedBy {
  const { lane: ofText, form, isRepetition } = judged.source;
  const lane = stage.openLane(ofText, form, isRepetition);
  return lane === undefined ? judged : after(judged, lane.end(judged.pieces));
}

/** The same block by block, with what else there is to do in between: judges do not see how a text was split. */
export async function judgeLong(
  stage: Stage,
  judged: JudgedText,
  turns: Turns,
): Promise<JudgedText | BlockedBy> {
  const { lane: ofText, form, isRepetition } = judged.source;
  const lane = stage.openLane(ofText, form, isRepetition);
  if (lane === undefined) return judged;
  const pieces: Piece[] = [];
  for (const block of blocksOf(judged.pieces)) {
    const release = lane.push(block);
    if (release.blockedBy !== undefined) return release.blockedBy;
    for (const piece of release.pieces) pieces.push(piece);
    if (turns.isOver) await turns.next();
  }
  const { pieces: last, blockedBy } = lane.end([]);
  return after(judged, { pieces: [...pieces, ...last], ...(blockedBy !== undefined && { blockedBy }) });
}

function after(judged: JudgedText, { pieces, blockedBy }: StageRelease): JudgedText | BlockedBy {
  if (blockedBy !== undefined) return blockedBy;
  const isChanged = judged.isChanged || pieces.some(({ mark }) => mark !== undefined);
  return isChanged ? { ...judged, pieces, text: pieces.map(({ text }) => text).join(''), isChanged } : judged;
}

/** The pieces in groups of a block's length or little more; text that was not replaced is cut where a block ends. */
function* blocksOf(pieces: readonly Piece[]): Generator<readonly Piece[]> {
  let block: Piece[] = [];
  let length = 0;
  for (const piece of pieces) {
    for (const part of partsOf(piece)) {
      block.push(part);
      length += part.text.length;
      if (length < BLOCK_UNITS) continue;
      yield block;
      block = [];
      length = 0;
    }
  }
  if (block.length > 0) yield block;
}

function partsOf(piece: Piece): readonly Piece[] {
  const { text, length, mark } = piece;
  if (mark !== undefined || length !== text.length || length <= BLOCK_UNITS) return [piece];
  return Array.from({ length: Math.ceil(length / BLOCK_UNITS) }, (_, index) => {
    const part = text.slice(index * BLOCK_UNITS, (index + 1) * BLOCK_UNITS);
    return { text: part, length: part.length };
  });
}
