/** What is known of one request as it goes its way; in the end it becomes the decision event. */
import type { Attempt, EventVerdict } from '../audit/decision-event.ts';

import { newEventId, newUlid } from '../audit/event-id.ts';
import type { Target } from '../config/gateway-config.ts';
import { readCaller } from '../http/caller.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import type { Chain } from '../policies/chain.ts';
import type { Tally } from '../policies/tally.ts';
import type { Services } from '../services.ts';
import type { GatewayKey } from '../state/key-store.ts';
import type { RequestTrace } from '../tracing/tracing.ts';
import type { ReplyFacts } from '../upstream/aimlapi-reply.ts';
import type { WireFormat } from '../wire/wire-format.ts';
import type { CaptureDraft } from './keep-capture.ts';
import { RedactionList } from './redaction-list.ts';

export interface ExchangeRecord {
  readonly eventId: string;
  readonly caller: Caller;
  readonly format: WireFormat;
  /** As the caller wrote it, e.g. /v1/chat/completions. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** On the clock that never jumps. */
  readonly started: number;
  /** Absent when the request is not traced. */
  readonly trace?: RequestTrace | undefined;
  key?: GatewayKey;
  requestedModel: string | null;
  stream: boolean;
  /** Computed when it is first asked for, which may be while upstream works. */
  promptHash: () => string | null;
  outputHash: string | null;
  promptRedacted: boolean;
  /** What was redacted, and where. */
  readonly places: RedactionList;
  readonly attempts: Attempt[];
  /** The target called last. */
  target?: Target;
  variant?: string;
  /** Its start record was written, or is not asked for. */
  hasStart?: boolean;
  /** Absent when the request did not get as far as its policies. */
  chain?: Chain;
  /** Present when the request's texts are to be captured. */
  draft?: CaptureDraft;
  upstreamMs: number;
  ttftMs: number | null;
  facts: ReplyFacts;
  finishReason: string | null;
  /** Usage was counted by us, because upstream's did not come. */
  estimatedTokens?: { readonly input: number; readonly output: number };
  /** The input in characters, for that estimate. */
  promptLength: number;
  clientClosed: boolean;
  /** What went wrong, before or after the first byte. */
  problem?: Problem | undefined;
  blockedPhase: 'input' | 'output' | null;
  /** As the caller saw it. */
  httpStatus: number;
}

export function openRecord(
  services: Services,
  format: WireFormat,
  path: string,
  headers: Readonly<Record<string, string>>,
): ExchangeRecord {
  const now = services.now();
  return {
    eventId: newEventId(now, services.random),
    caller: readCaller(headers, () => `req_${newUlid(now, services.random)}`),
    format,
    path,
    startedAt: now,
    started: services.elapsed(),
    ...(services.tracing !== undefined && { trace: services.tracing.begin(headers) }),
    requestedModel: null,
    stream: false,
    promptHash: () => null,
    outputHash: null,
    promptRedacted: false,
    places: new RedactionList(),
    attempts: [],
    upstreamMs: 0,
    ttftMs: null,
    facts: {},
    finishReason: null,
    promptLength: 0,
    clientClosed: false,
    blockedPhase: null,
    httpStatus: 200,
  };
}

/** What each policy found so far. */
export function talliesOf({ chain }: ExchangeRecord): readonly Tally[] {
  return chain?.tallies ?? [];
}

/** The verdict as it is known now. */
export function verdictOf(record: ExchangeRecord): EventVerdict {
  const { problem, blockedPhase } = record;
  // Upstream has a 409 of its own, which no policy is to blame for.
  if (problem !== undefined && blockedPhase !== null) return 'block';
  if (problem !== undefined || record.clientClosed) return 'error';
  return record.chain?.verdict ?? 'allow';
}

/** Characters of a token in English prose. Source: OpenAI's help page on counting tokens. */
const CHARACTERS_PER_TOKEN = 4;

/** Counts tokens by length when upstream's own count did not come; the event says so. */
export function estimateUsage(record: ExchangeRecord, outputLength: number): void {
  if (record.facts.usage !== undefined) return;
  record.estimatedTokens = {
    input: Math.ceil(record.promptLength / CHARACTERS_PER_TOKEN),
    output: Math.ceil(outputLength / CHARACTERS_PER_TOKEN),
  };
}
