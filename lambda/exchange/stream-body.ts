/** The body of a streamed answer, after its headers: never throws, and ends with the evidence before the last byte. */
import { problemEvent } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import { mergeFacts, replyFactsOfStream } from '../upstream/aimlapi-reply.ts';
import { failureOf } from './call-end.ts';
import type { CallFailure } from './call-end.ts';
import { endLease } from './call-lease.ts';
import type { CallLease } from './call-lease.ts';
import { conclude } from './conclude.ts';
import { defectFailure } from './defect.ts';
import type { Exchange } from './exchange.ts';
import { estimateUsage } from './record.ts';
import { policyProblem } from './judge-input.ts';
import { noteContent, PING, stepFailure } from './open-stream.ts';
import type { OpenStream } from './open-stream.ts';

/** Milliseconds of upstream's silence after which the caller gets a sign of life. */
export const PING_INTERVAL_MS = 15_000;

export async function* streamBody(
  exchange: Exchange,
  open: OpenStream,
  lease: CallLease,
): AsyncGenerator<string, void, undefined> {
  const ending = new StreamEnding(exchange, open, lease);
  try {
    if (open.isEnded) {
      yield* ending.complete(open.first);
      return;
    }
    yield open.first;
    for (;;) {
      const step = await open.session.next(PING_INTERVAL_MS);
      noteContent(exchange, open.call, open.session);
      const failure = await stepFailure(exchange, open.session, open.lanes, step, open.reply.status);
      if (step.kind === 'fault' && step.text !== '') yield step.text;
      if (failure !== undefined) {
        yield await ending.fail(failure);
        return;
      }
      if (step.kind === 'end') {
        yield* ending.complete(step.text);
        return;
      }
      if (step.kind === 'silent') yield PING;
      else if (step.kind === 'text' && step.text !== '') yield step.text;
    }
  } catch (cause) {
    yield await ending.breakOff(cause);
  } finally {
    await ending.abandon();
  }
}

/** Whichever way the stream ends, it ends once. */
class StreamEnding {
  private readonly exchange: Exchange;
  private readonly open: OpenStream;
  private readonly lease: CallLease;
  private isOver = false;

  constructor(exchange: Exchange, open: OpenStream, lease: CallLease) {
    this.exchange = exchange;
    this.open = open;
    this.lease = lease;
  }

  /** Upstream said that the reply is complete: the rest goes out, then, once the evidence is safe, the tail. */
  async *complete(rest: string): AsyncGenerator<string, void, undefined> {
    if (rest !== '') yield rest;
    const { record, runtime } = this.exchange;
    const { session, reply } = this.open;
    this.isOver = true;
    this.note();
    endLease(this.exchange, this.lease, { outcome: { kind: 'success' }, status: reply.status, error: null });
    void this.hangUp();
    const failure = await conclude(runtime, record);
    yield failure === undefined ? session.relay.progress.tail : this.tell(failure);
  }

  /** Nothing more of upstream is wanted; an exchange that does not end by itself is ended. */
  private async hangUp(): Promise<void> {
    if (!(await this.open.session.hasEnded())) this.lease.patience.giveUp('answered');
  }

  /** The error event that ends the stream. */
  async fail({ outcome, problem, status }: CallFailure): Promise<string> {
    const { record, runtime } = this.exchange;
    this.isOver = true;
    this.lease.patience.giveUp('answered');
    await this.open.session.leave().catch(() => undefined);
    this.note();
    if (problem.code === 'client_closed_request') record.clientClosed = true;
    else record.problem = problem;
    if (record.clientClosed) record.httpStatus = 499;
    endLease(this.exchange, this.lease, {
      outcome,
      status,
      error: record.blockedPhase === null ? problem.code : null,
    });
    const failure = await conclude(runtime, record);
    return this.tell(failure ?? problem);
  }

  /** The error event for what was thrown on the way. */
  async breakOff(cause: unknown): Promise<string> {
    const { record, runtime } = this.exchange;
    const { status } = this.open.reply;
    const failure =
      failureOf(policyProblem(cause), status) ?? defectFailure(runtime.services, record, cause, status);
    return this.isOver ? this.tell(failure.problem) : this.fail(failure);
  }

  /** The reader left before the end. */
  async abandon(): Promise<void> {
    if (this.isOver) return;
    const { record, runtime } = this.exchange;
    this.isOver = true;
    this.lease.patience.giveUp('caller_gone');
    await this.open.session.leave().catch(() => undefined);
    this.note();
    record.clientClosed = true;
    record.httpStatus = 499;
    endLease(this.exchange, this.lease, {
      outcome: { kind: 'cancelled' },
      status: this.open.reply.status,
      error: 'client_closed_request',
    });
    await conclude(runtime, record);
  }

  private tell(problem: Problem): string {
    const { record } = this.exchange;
    return problemEvent(problem, record.format.route, record.caller.requestId);
  }

  private note(): void {
    const { record } = this.exchange;
    const { session, lanes } = this.open;
    const { progress } = session.relay;
    record.facts = mergeFacts(replyFactsOfStream(progress.facts), record.facts);
    record.finishReason = progress.finishReason ?? null;
    record.places.addAll(lanes.redactions);
    record.outputHash = lanes.outputHash();
    estimateUsage(record, progress.releasedLength);
  }
}
