/** Lets a judge read what names a text (the key of a JSON value) before the text itself, as a label is read. */
import type { Piece } from '../../detectors/piece.ts';
import { type LaneJudge, NOTHING, type Release } from '../policy.ts';

/** `socialSecurityNumber` and `social_security_number` read as the label `social security number: `. */
export function labelOf(key: string): string {
  const words = key.replace(/[_\-.]+/g, ' ').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return `${words}: `;
}

/** The judge after it has read the label; what it releases of the label itself is left out. */
export function primedJudge(judge: LaneJudge, label: string): LaneJudge {
  let left = label.length;
  const withoutLabel = (release: Release): Release => {
    if (left === 0) return release;
    const pieces: Piece[] = [];
    for (const piece of release.pieces) {
      const cut = Math.min(left, piece.length);
      left -= cut;
      if (cut === 0) pieces.push(piece);
      else if (cut < piece.length) pieces.push(afterLabel(piece, cut));
    }
    return { ...release, pieces };
  };
  const first = withoutLabel(judge.push(label));
  const isStopped = first.objection !== undefined;
  let pending: Release = isStopped || first.pieces.length > 0 ? first : NOTHING;
  return {
    push: (text) => join(takePending(), isStopped ? NOTHING : withoutLabel(judge.push(text))),
    end: () => join(takePending(), isStopped ? NOTHING : withoutLabel(judge.end())),
  };

  function takePending(): Release {
    const release = pending;
    pending = NOTHING;
    return release;
  }
}

/** A finding that began in the label keeps its mark; verbatim text loses its front. */
function afterLabel(piece: Piece, cut: number): Piece {
  const length = piece.length - cut;
  return piece.mark === undefined ? { text: piece.text.slice(cut), length } : { ...piece, length };
}

function join(first: Release, second: Release): Release {
  if (first === NOTHING) return second;
  return { ...second, ...first, pieces: [...first.pieces, ...second.pieces] };
}
