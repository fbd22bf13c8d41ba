/** The front on Lambda: a Function URL event in, a streamed response out. The only file that says awslambda. */
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isFunctionUrlEvent, toGatewayRequest } from './function-url-event.ts';
import type { Gateway, GatewayReply } from './gateway-request.ts';

/** What Lambda's Node runtime puts into the global object for streaming functions. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  readonly HttpResponseStream: {
    from(
      stream: Writable,
      prelude: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
    ): Writable;
  };
}

export type StreamingHandler = (
  event: unknown,
  stream: Writable,
  context: InvocationContext,
) => Promise<void>;

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

export interface LambdaStreamOptions {
  /** Called for each request; what it starts it keeps. */
  readonly gateway: () => Promise<Gateway>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of what must not happen: a gateway that can't be made, a reply that breaks. */
  readonly onFailure: (error: unknown) => void;
  /**
   * Resolves when the work that requests have left behind is done. Lambda freezes what still runs when the handler
   * returns. The caller has its whole reply by then.
   */
  readonly settled?: () => Promise<void>;
  /** Default: the one that Lambda provides. */
  readonly runtime?: StreamingRuntime;
}

declare const awslambda: StreamingRuntime;

/**
 * Time kept back to end a reply in good order. Lambda cuts a response without a word when the function's time is
 * up, and no caller can tell that from a complete stream.
 */
const GUARD_MS = 5_000;

/** The framing is Lambda's own. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'set-cookie']);

/** Makes the function's handler. */
export function lambdaStreamHandler(options: LambdaStreamOptions): StreamingHandler {
  const runtime = options.runtime ?? awslambda;
  return runtime.streamifyResponse(async (event, stream, context) => {
    const caller = new AbortController();
    const reply = await answer(event, context, caller.signal, options);
    const { status: statusCode, headers } = reply;
    const response = runtime.HttpResponseStream.from(stream, {
      statusCode,
      headers: withoutFraming(headers),
    });
    try {
      await pipeline(chunksOf(reply, options.onFailure), response);
    } catch (error) {
      caller.abort(error);
      options.onFailure(error);
    }
    await options.settled?.();
  });
}

async function answer(
  event: unknown,
  context: InvocationContext,
  signal: AbortSignal,
  { gateway, now, onFailure }: LambdaStreamOptions,
): Promise<GatewayReply> {
  if (!isFunctionUrlEvent(event)) {
    throw new Error('not a Function URL event (payload format 2.0): call the function through its URL');
  }
  try {
    const deadline = now() + context.getRemainingTimeInMillis() - GUARD_MS;
    return await (await gateway()).handle(toGatewayRequest(event, signal, deadline));
  } catch (error) {
    onFailure(error);
    return { status: 500, headers: { 'content-type': 'application/json' }, body: FAILURE };
  }
}

const FAILURE = JSON.stringify({
  error: {
    message: 'the gateway failed; the log of its function has the cause',
    type: 'server_error',
    code: 'internal_error',
    param: null,
  },
});

/** A body must never throw towards Lambda: it would add a trailer that no client reads, and look complete. */
async function* chunksOf(
  { body, headers }: GatewayReply,
  onFailure: (error: unknown) => void,
): AsyncGenerator<string | Uint8Array, void> {
  // The status and headers travel with the first write, and only with a write: an end alone would lose them.
  yield '';
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (body.length > 0) yield body;
    return;
  }
  try {
    yield* body;
  } catch (error) {
    onFailure(error);
    if (headers['content-type']?.startsWith('text/event-stream') === true) yield `\n\ndata: ${FAILURE}\n\n`;
  }
}

function withoutFraming(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !FRAMING.has(name.toLowerCase())));
}
