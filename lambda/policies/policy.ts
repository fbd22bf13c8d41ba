/**
 * The interface that every kind of policy fulfils. A policy never sees a wire format: it gets text with a
 * role and a place, as it arrives, and says what may go on. Whole text is one push and an end, so the
 * same judgement serves whole and streamed text.
 */
import type { Action, PolicyKind } from '../config/gateway-config.ts';
import type { Piece } from '../detectors/piece.ts';
import type { Lane, LaneText } from '../wire/lane.ts';

/** Dotted, e.g. `pii.redacted`; see docs/events.md for the list. */
export type ReasonCode = `${string}.${string}`;

/** Why a policy does not want a text to go on, and what it is configured to do about it. */
export interface Objection {
  readonly action: Action;
  readonly reason: ReasonCode;
  /** For the caller: what rule was met. Never the text itself. */
  readonly message: string;
}

/** What may be released now. After an objection with action block the judge is not asked again. */
export interface Release {
  readonly pieces: readonly Piece[];
  readonly objection?: Objection;
  /** The highest score so far, from 0 to 1, of kinds that score. */
  readonly score?: number;
}

/**
 * Judges one lane as its text arrives. Law: for every text and every split of it, the pieces of all pushes
 * and of the end, joined, are the same text; and nothing is released that may still become part of a finding.
 */
export interface LaneJudge {
  push(text: string): Release;
  end(): Release;
}

/** What a policy may know of a request beside its texts. */
export interface RequestFacts {
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly userId?: string;
  readonly conversationId?: string;
}

export interface Opinion {
  readonly objection?: Objection;
  readonly score?: number;
}

/** A policy at work on one request: state that belongs to the request lives here and ends with it. */
export interface PolicyRun {
  /** A judge for a lane, or undefined when the kind has no say in it: then nothing is held for it. */
  readonly openLane?: (lane: Lane) => LaneJudge | undefined;
  /** Judges the texts of the whole input together, after the lanes were judged; may wait for a service. */
  readonly judgeInput?: (texts: readonly LaneText[]) => Opinion | Promise<Opinion>;
  /** The same for a whole answer; on streams only where the entry is buffered. */
  readonly judgeOutput?: (texts: readonly LaneText[]) => Opinion | Promise<Opinion>;
}

export interface Policy {
  readonly kind: PolicyKind;
  begin(facts: RequestFacts): PolicyRun;
}

export const NOTHING: Release = Object.freeze({ pieces: Object.freeze([]) });

/** A release of text as it stood in the source. */
export function verbatim(text: string): Release {
  return text === '' ? NOTHING : { pieces: [{ text, length: text.length }] };
}
