/** One request to an API route: checked, judged, answered, and its decision event stored, whatever its end. */
import type { GatewayReply, GatewayRequest } from '../http/gateway-request.ts';
import { problem, problemBody, ProblemError, problemHeaders } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import type { ReadBody } from '../http/read-body.ts';
import { RequestBodyFailure } from '../http/request-body-failure.ts';
import { openChain } from '../policies/chain.ts';
import type { Chain } from '../policies/chain.ts';
import type { WireFormat } from '../wire/wire-format.ts';
import { endLease } from './call-lease.ts';
import { checkKey } from './check-key.ts';
import { conclude } from './conclude.ts';
import { defectProblem, idsOf } from './defect.ts';
import type { Exchange } from './exchange.ts';
import { judgeInput, policyProblem } from './judge-input.ts';
import { openReply } from './open-reply.ts';
import type { OpenReply } from './open-reply.ts';
import { openRecord } from './record.ts';
import type { ExchangeRecord } from './record.ts';
import { replyHeaders } from './reply-headers.ts';
import type { Runtime } from './runtime.ts';
import { streamBody } from './stream-body.ts';

export interface ApiCall {
  readonly format: WireFormat;
  /** As the caller wrote it, without the query. */
  readonly path: string;
  /** Refuses the request before it is read, e.g. when too many are running. */
  readonly refusal: Problem | undefined;
}

/** Never throws; `done` is called when the answer's body is over. */
export async function serveApi(
  runtime: Runtime,
  request: GatewayRequest,
  { format, path, refusal }: ApiCall,
  done: () => void,
): Promise<GatewayReply> {
  const record = openRecord(runtime.services, format, path, request.headers);
  let isStreaming = false;
  try {
    if (refusal !== undefined) throw new ProblemError(refusal);
    await authenticate(runtime, record);
    const exchange = await admit(runtime, record, request);
    const opened = await openReply(exchange);
    if (opened.reply.kind === 'stream') {
      isStreaming = true;
      return streamReply(exchange, opened, opened.reply, done);
    }
    return await wholeReply(exchange, opened, opened.reply);
  } catch (cause) {
    return await problemReply(runtime, record, request, asProblem(runtime, record, cause));
  } finally {
    if (!isStreaming) done();
  }
}

/** The gateway key, where keys are asked for. */
async function authenticate({ services, config }: Runtime, record: ExchangeRecord): Promise<void> {
  const key = await checkKey(services, record.caller.presentedKey);
  if (key !== undefined) record.key = key;
  if (!config.pack.enabled) {
    const message = 'the gateway is switched off (pack.enabled: false)';
    throw new ProblemError(problem('gateway_disabled', message, { retryAfterMs: 60_000 }));
  }
}

async function admit(runtime: Runtime, record: ExchangeRecord, request: GatewayRequest): Promise<Exchange> {
  const { config, services, links } = runtime;
  const body = await readBody(request, config.sizeLimits.maxBodyBytes);
  readFacts(record, body);
  const model = body.data['model'];
  record.requestedModel = typeof model === 'string' ? model : null;
  checkCommon(runtime, body);
  const fault = record.format.checkRequest(body.data);
  if (fault !== undefined) {
    throw new ProblemError(problem('invalid_request', fault.message, { param: fault.param }));
  }
  const chain: Chain = openChain(
    links,
    {
      path: record.path,
      headers: request.headers,
      model: record.requestedModel ?? '',
      stream: record.stream,
      ...(record.caller.userId !== undefined && { userId: record.caller.userId }),
      ...(record.caller.conversationId !== undefined && { conversationId: record.caller.conversationId }),
    },
    { elapsed: services.elapsed, failMode: services.identity.failMode },
  );
  record.chain = chain;
  if (services.captures !== undefined && runtime.redactTexts !== undefined) record.draft = {};
  services.audit.prepare?.();
  const edits = await judgeInput(services, record, chain, body).catch((cause: unknown) => {
    throw policyProblem(cause);
  });
  return { runtime, record, request, body, chain, edits };
}

function readFacts(record: ExchangeRecord, { data }: ReadBody): void {
  // Embeddings come whole, whatever the caller asks for: nobody has a stream of them.
  record.stream = data['stream'] === true && record.format.route !== 'embeddings';
}

function checkCommon({ config }: Runtime, { data }: ReadBody): void {
  const { model, stream } = data;
  if (model !== undefined && model !== null && typeof model !== 'string') {
    throw new ProblemError(problem('invalid_request', 'model must be a string', { param: 'model' }));
  }
  if (typeof model !== 'string' && config.targets.some((target) => target.model === undefined)) {
    throw new ProblemError(problem('invalid_request', 'model is missing', { param: 'model' }));
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new ProblemError(problem('invalid_request', 'stream must be true or false', { param: 'stream' }));
  }
}

async function wholeReply(
  exchange: Exchange,
  { lease }: OpenReply,
  reply: Extract<OpenReply['reply'], { kind: 'whole' }>,
): Promise<GatewayReply> {
  const { runtime, record } = exchange;
  record.ttftMs = runtime.services.elapsed() - record.started;
  endLease(exchange, lease, { outcome: { kind: 'success' }, status: 200, error: null });
  const failure = await conclude(runtime, record);
  if (failure !== undefined) return bareProblem(runtime, record, failure);
  const headers = replyHeaders(runtime, record, reply.headers);
  headers['content-type'] = 'application/json';
  return { status: 200, headers, body: reply.text };
}

function streamReply(
  exchange: Exchange,
  { lease }: OpenReply,
  reply: Extract<OpenReply['reply'], { kind: 'stream' }>,
  done: () => void,
): GatewayReply {
  const { runtime, record } = exchange;
  const headers = replyHeaders(runtime, record, reply.reply.headers);
  headers['content-type'] = 'text/event-stream; charset=utf-8';
  headers['cache-control'] = 'no-cache';
  return { status: 200, headers, body: closing(streamBody(exchange, reply, lease), done) };
}

async function* closing(body: AsyncGenerator<string>, done: () => void): AsyncGenerator<string> {
  try {
    yield* body;
  } finally {
    done();
  }
}

async function problemReply(
  runtime: Runtime,
  record: ExchangeRecord,
  request: GatewayRequest,
  failure: Problem,
): Promise<GatewayReply> {
  const isGone = request.signal.aborted || failure.code === 'client_closed_request';
  record.problem = isGone ? undefined : failure;
  record.clientClosed = isGone;
  record.httpStatus = isGone ? 499 : failure.status;
  const auditFailure = await conclude(runtime, record);
  return bareProblem(runtime, record, auditFailure ?? failure);
}

function bareProblem(runtime: Runtime, record: ExchangeRecord, failure: Problem): GatewayReply {
  const headers = { ...replyHeaders(runtime, record), ...problemHeaders(failure) };
  const body = problemBody(failure, record.format.route, record.caller.requestId);
  return { status: failure.status, headers, body };
}

function asProblem({ services }: Runtime, record: ExchangeRecord, cause: unknown): Problem {
  if (cause instanceof ProblemError) return cause.problem;
  if (cause instanceof RequestBodyFailure) return bodyProblem(cause);
  return defectProblem(services, idsOf(record), cause);
}

function bodyProblem({ reason }: RequestBodyFailure): Problem {
  if (reason === 'too_slow') return problem('request_timeout', 'the body did not arrive in time');
  if (reason === 'closed') return problem('client_closed_request', 'the caller went away');
  return problem('invalid_json', 'the body was cut or its framing is broken');
}
