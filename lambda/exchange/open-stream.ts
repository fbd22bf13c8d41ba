/** Reads a stream of upstream up to the first content that the caller can be given. */
import { StreamRelay } from '../relay/stream-relay.ts';
import type { StreamFault } from '../relay/progress.ts';
import { isErrorFrame } from '../upstream/aimlapi-errors.ts';
import type { UpstreamReply } from '../upstream/upstream-call.ts';
import type { BlockedBy } from '../policies/stage.ts';
import { broken, malformed } from './call-end.ts';
import type { CallFailure } from './call-end.ts';
import type { Call, CallEnd } from './call-target.ts';
import { frameFailure } from './error-frame.ts';
import type { Exchange } from './exchange.ts';
import { blockProblem } from './judge-input.ts';
import { KeptTexts } from './kept-texts.ts';
import { LaneLog } from './lane-log.ts';
import { wantsUsage } from './prepare-body.ts';
import { StreamSession } from './stream-session.ts';
import type { StreamStep } from './stream-session.ts';

/** A reply whose headers can go out. */
export interface OpenStream {
  readonly kind: 'stream';
  readonly call: Call;
  readonly reply: UpstreamReply;
  readonly session: StreamSession;
  readonly lanes: LaneLog;
  /** What is to be sent first. */
  readonly first: string;
  /** The reply was complete before anything was sent. */
  readonly isEnded: boolean;
}

/** Milliseconds of upstream's silence after its 200, at which headers and a ping go out all the same. */
export const MAX_SILENCE_BEFORE_HEADERS_MS = 5000;

/** UTF-16 units of one server-sent event: enough for an image, too little to fill the memory. */
const MAX_FRAME_LENGTH = 4 * 1024 * 1024;

/** Comments and empty chunks that are kept before the first content, in UTF-16 units; then headers go out. */
const MAX_BEFORE_HEADERS = 65_536;

export const PING = ': ping\n\n';

/** Throws what the body throws. */
export async function openStream(exchange: Exchange, call: Call, reply: UpstreamReply): Promise<CallEnd> {
  const { runtime, chain, record, body } = exchange;
  chain.reopenOutput();
  const captured = record.draft === undefined ? undefined : new KeptTexts();
  const lanes = new LaneLog(runtime.services.createDigest, chain.isBuffered, captured);
  const relay = new StreamRelay({
    format: record.format,
    chain,
    listener: lanes,
    passesAccounting: wantsUsage(body),
    maxFrameLength: MAX_FRAME_LENGTH,
    isBuffered: chain.isBuffered,
    maxBufferedLength: runtime.config.sizeLimits.maxResponseBytes,
    isErrorFrame,
  });
  const session = new StreamSession(reply, relay);
  let first = '';
  for (;;) {
    const step = await session.next(MAX_SILENCE_BEFORE_HEADERS_MS);
    noteContent(exchange, call, session);
    const failure = await stepFailure(exchange, session, lanes, step, reply.status);
    if (failure !== undefined) {
      await session.leave();
      return { kind: 'failed', ...failure };
    }
    if (step.kind === 'silent') first += PING;
    else if (step.kind !== 'cut') first += step.text;
    const isEnded = step.kind === 'end';
    const hasReleased = (relay.progress.hasReleased && first !== '') || first.length > MAX_BEFORE_HEADERS;
    if (isEnded || step.kind === 'silent' || hasReleased) {
      if (record.draft !== undefined && captured !== undefined) record.draft.answer = captured;
      return { kind: 'open', reply: { kind: 'stream', call, reply, session, lanes, first, isEnded } };
    }
  }
}

/** The first content of a stream: its time counts, and no fallback waits for it any longer. */
export function noteContent(exchange: Exchange, { patience }: Call, { relay }: StreamSession): void {
  const { record, runtime } = exchange;
  if (!relay.progress.hasContent || record.ttftMs !== null) return;
  patience.sawContent();
  record.ttftMs = runtime.services.elapsed() - record.started;
}

/** Why the stream can't go on after this step; undefined when it can. */
export async function stepFailure(
  exchange: Exchange,
  session: StreamSession,
  lanes: LaneLog,
  step: StreamStep,
  status: number,
): Promise<CallFailure | undefined> {
  if (step.kind === 'cut') return broken(status);
  const { fault } = session.relay.progress;
  if (fault !== undefined) return faultFailure(exchange, fault, status);
  if (step.kind === 'end' && exchange.chain.isBuffered) {
    const blockedBy = await exchange.chain.judgeBuffered(lanes.texts);
    if (blockedBy !== undefined) return blocked(exchange, blockedBy, status);
  }
  return undefined;
}

function faultFailure(exchange: Exchange, fault: StreamFault, status: number): CallFailure {
  if (fault.kind === 'blocked') return blocked(exchange, fault.by, status);
  if (fault.kind === 'malformed') return malformed(status, fault.message);
  return frameFailure(fault.data, status);
}

function blocked({ record }: Exchange, by: BlockedBy, status: number): CallFailure {
  record.blockedPhase = 'output';
  return { outcome: { kind: 'success' }, problem: blockProblem('output', by), status };
}
