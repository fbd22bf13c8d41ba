/** One call of one target: sends the request and waits until the caller can be given something. */
import type { Target } from '../config/gateway-config.ts';
import type { Outcome } from '../routing/outcome.ts';
import { parseRetryAfter } from '../routing/retry-after.ts';
import { readUpstreamProblem } from '../upstream/aimlapi-errors.ts';
import { replyFactsOfHeaders } from '../upstream/aimlapi-reply.ts';
import { stampHeaders, type CallTrace } from '../tracing/tracing.ts';
import { targetHeaders, targetUrl } from '../upstream/target-request.ts';
import type { UpstreamReply } from '../upstream/upstream-call.ts';
import { failureOf, malformed } from './call-end.ts';
import type { CallFailure } from './call-end.ts';
import type { Exchange } from './exchange.ts';
import { policyProblem } from './judge-input.ts';
import { openStream } from './open-stream.ts';
import type { OpenStream } from './open-stream.ts';
import { openWhole } from './open-whole.ts';
import type { OpenWhole } from './open-whole.ts';
import type { Patience } from './patience.ts';
import { prepareBody } from './prepare-body.ts';
import { readText } from './read-text.ts';

export interface Call {
  readonly target: Target;
  readonly secret: string;
  readonly patience: Patience;
  /** False once the target refused stream_options. */
  readonly mayAskForUsage: boolean;
  readonly trace?: CallTrace;
}

export type CallEnd =
  | { readonly kind: 'open'; readonly reply: OpenStream | OpenWhole }
  | ({ readonly kind: 'failed'; readonly isUsageRefused?: boolean } & CallFailure);

/** Bytes of an error's body that are read: more says nothing more. */
const MAX_ERROR_BYTES = 65_536;

/** Never throws for what upstream does. */
export async function callTarget(exchange: Exchange, call: Call): Promise<CallEnd> {
  let status: number | null = null;
  try {
    const reply = await send(exchange, call);
    ({ status } = reply);
    if (status < 200 || status > 299) return await refused(exchange, call, reply);
    exchange.record.facts = replyFactsOfHeaders(reply.headers);
    const isStream = /^text\/event-stream\b/i.test(reply.headers['content-type'] ?? '');
    if (isStream !== exchange.record.stream) return await wrongKind(reply);
    return isStream ? await openStream(exchange, call, reply) : await openWhole(exchange, reply);
  } catch (cause) {
    const failure = failureOf(policyProblem(cause), status);
    if (failure === undefined) throw cause;
    return { kind: 'failed', ...failure };
  }
}

function send(exchange: Exchange, call: Call): Promise<UpstreamReply> {
  const { record, request, runtime, body, edits } = exchange;
  const { target, secret, patience, mayAskForUsage, trace } = call;
  const headers = targetHeaders({
    secret,
    callerHeaders: request.headers,
    requestId: record.caller.requestId,
    stream: record.stream,
  });
  if (record.trace !== undefined && trace !== undefined) stampHeaders(headers, record.trace, trace);
  return runtime.services.callUpstream({
    method: 'POST',
    url: targetUrl(target, record.format.upstreamPath),
    headers,
    body: prepareBody(target, body, edits, { format: record.format, stream: record.stream, mayAskForUsage }),
    signal: patience.signal,
  });
}

async function refused(exchange: Exchange, call: Call, reply: UpstreamReply): Promise<CallEnd> {
  const { status, headers } = reply;
  const text = (await readText(reply.body, MAX_ERROR_BYTES)).text;
  const found = readUpstreamProblem({ status, headers, body: text, provider: call.target.provider });
  const retryAfterMs = parseRetryAfter(headers['retry-after'], exchange.runtime.services.now());
  if (found.upstreamRequestId !== undefined) {
    exchange.record.facts = { ...exchange.record.facts, requestId: found.upstreamRequestId };
  }
  return {
    kind: 'failed',
    outcome: outcomeOf(found.kind, status, retryAfterMs),
    problem: { ...found.problem, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    status,
    ...(status === 400 && text.includes('stream_options') && { isUsageRefused: true }),
  };
}

function outcomeOf(
  kind: 'rate_limited' | 'auth_failed' | 'out_of_funds' | 'http_error',
  status: number,
  retryAfterMs: number | undefined,
): Outcome {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (kind === 'auth_failed' || kind === 'out_of_funds') return { kind, status };
  return { kind, status, ...wait };
}

/** A 2xx that is JSON where a stream was asked for, or the reverse. */
async function wrongKind(reply: UpstreamReply): Promise<CallEnd> {
  const wanted = /^text\/event-stream\b/i.test(reply.headers['content-type'] ?? '') ? 'JSON' : 'a stream';
  for await (const _ of reply.body) break;
  return {
    kind: 'failed',
    ...malformed(reply.status, `upstream did not answer with ${wanted} as it was asked to`),
  };
}
