/** What one entry of the chain found in one phase of one request: its line under policy_results. */
import type { PolicyKind } from '../config/gateway-config.ts';
import type { Phase } from '../wire/lane.ts';
import type { Piece } from '../detectors/piece.ts';
import type { Objection } from './policy.ts';

export type TallyVerdict = 'allow' | 'redact' | 'block' | 'escalate' | 'error';

export interface Tally {
  readonly kind: PolicyKind;
  readonly phase: Phase;
  readonly mode: 'enforce' | 'monitor';
  verdict: TallyVerdict;
  reason: string;
  score: number | null;
  latencyMs: number;
  readonly entities: Record<string, number>;
}

const RANK: Readonly<Record<TallyVerdict, number>> = { allow: 0, redact: 1, escalate: 2, block: 3, error: 4 };

export function openTally(kind: PolicyKind, phase: Phase, mode: 'enforce' | 'monitor'): Tally {
  return {
    kind,
    phase,
    mode,
    verdict: 'allow',
    reason: 'policy.passed',
    score: null,
    latencyMs: 0,
    entities: {},
  };
}

export function countPieces(tally: Tally, pieces: readonly Piece[]): void {
  for (const { mark } of pieces) {
    if (mark === undefined || mark.restored === true || mark.continues === true) continue;
    tally.entities[mark.type] = (tally.entities[mark.type] ?? 0) + 1;
    raise(tally, 'redact', 'pii.redacted');
  }
}

/** `log` is a block that is only recorded. */
export function countObjection(tally: Tally, objection: Objection): void {
  raise(tally, objection.action === 'escalate' ? 'escalate' : 'block', objection.reason);
}

export function countScore(tally: Tally, score: number | undefined): void {
  if (score !== undefined) tally.score = Math.max(tally.score ?? 0, score);
}

export function countError(tally: Tally): void {
  raise(tally, 'error', 'policy.error');
}

function raise(tally: Tally, verdict: TallyVerdict, reason: string): void {
  if (RANK[verdict] <= RANK[tally.verdict]) return;
  tally.verdict = verdict;
  tally.reason = reason;
}
