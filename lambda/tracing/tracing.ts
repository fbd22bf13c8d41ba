/** A request's place in a distributed trace, and who is told of it; knows nothing of how spans are sent. */
import type { DecisionEvent } from '../audit/decision-event.ts';
import type { Target } from '../config/gateway-config.ts';
import type { ApiRoute } from '../wire/wire-format.ts';

/** One request: its own span, and those of the calls that were made for it. */
export interface RequestTrace {
  /** 32 hex digits; the caller's, where it sent a traceparent. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The span of the caller. */
  readonly parentSpanId?: string;
  /** The caller's tracestate; only beside a parent. */
  readonly traceState?: string;
  /** Spans of a request that is not sampled are never made; its context goes upstream all the same. */
  readonly isSampled: boolean;
  readonly calls: CallTrace[];
}

/** One call of a target; times are on the clock that never jumps. */
export interface CallTrace {
  readonly spanId: string;
  readonly target: Target;
  readonly began: number;
  ended?: number;
  /** Upstream's HTTP status; null when none came. */
  status: number | null;
  /** A code of the error table. */
  error: string | null;
}

/** A request that is over. */
export interface TracedRequest {
  readonly trace: RequestTrace;
  /** What may be told of it: spans say nothing that the event does not. */
  readonly event: DecisionEvent;
  readonly route: ApiRoute;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The same instant on the clock that never jumps. */
  readonly started: number;
  readonly ended: number;
  /** As the caller saw it; null when it saw none. */
  readonly status: number | null;
  /** Why it failed, as a code of the error table; null for an answer, and for what a policy objected to. */
  readonly error: string | null;
  /** The failure is the gateway's or the upstream's, not the caller's. */
  readonly isFailure: boolean;
}

export interface Tracing {
  /** Continues the caller's trace, or begins one. Undefined: this request is not traced. */
  begin(headers: Readonly<Record<string, string>>): RequestTrace | undefined;
  /** A call is about to be made for a request that is traced. */
  beginCall(trace: RequestTrace, target: Target, began: number): CallTrace | undefined;
  /** Takes what is to be sent; neither waits nor throws. */
  finish(request: TracedRequest): void;
}

/** Puts the context of the call into the headers that go upstream. */
export function stampHeaders(headers: Record<string, string>, trace: RequestTrace, call: CallTrace): void {
  headers['traceparent'] = `00-${trace.traceId}-${call.spanId}-${trace.isSampled ? '01' : '00'}`;
  // W3C Trace Context: without a parent that could be read, its state is not passed on.
  if (trace.parentSpanId === undefined) delete headers['tracestate'];
}
