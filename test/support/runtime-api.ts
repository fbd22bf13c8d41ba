/** Lambda's side of the Runtime API, for one execution environment: hands out events, takes streamed responses. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from './listening.ts';

export interface InvocationResponse {
  readonly contentType: string;
  readonly isStreamed: boolean;
  /** Read once. While it is not read, the function is held back. */
  readonly body: IncomingMessage;
  /** Gives the function its acknowledgement; to be called when the body has been read. */
  acknowledge(): void;
}

export interface RuntimeApi {
  /** Host and port, as AWS_LAMBDA_RUNTIME_API wants them. */
  readonly address: string;
  /** Resolves when the function has loaded its handler and asks for its first event; rejects when it can't. */
  readonly initialised: Promise<void>;
  /** One at a time. Rejects with the error that the handler threw before its first write. */
  invoke(event: unknown, timeoutMs: number): Promise<InvocationResponse>;
  close(): Promise<void>;
}

interface Pending {
  readonly id: string;
  readonly event: string;
  readonly deadline: number;
  readonly response: PromiseWithResolvers<InvocationResponse>;
}

/** Starts on a free port of the loopback address. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const initialised = Promise.withResolvers<void>();
  // A test that never waits for the start must not die of its failure.
  initialised.promise.catch(() => undefined);
  let waiting: ServerResponse | undefined;
  const queue: Pending[] = [];
  const running = new Map<string, Pending>();

  const handOut = (): void => {
    const next = waiting && queue.shift();
    if (!waiting || !next) return;
    running.set(next.id, next);
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': next.id,
      'lambda-runtime-deadline-ms': String(next.deadline),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:gateway',
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    waiting.end(next.event);
    waiting = undefined;
  };

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      initialised.resolve();
      waiting = response;
      return handOut();
    }
    const [, id = '', kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = running.get(id);
    running.delete(id);
    const acknowledge = (): void => void response.writeHead(202).end('{"status":"OK"}');
    if (kind === 'response' && invocation) {
      return invocation.response.resolve({
        contentType: request.headers['content-type'] ?? '',
        isStreamed: request.headers['lambda-runtime-function-response-mode'] === 'streaming',
        body: request,
        acknowledge,
      });
    }
    const failure = new Error(`the function failed: ${await textOf(request)}`);
    acknowledge();
    if (path === 'init/error') initialised.reject(failure);
    else invocation?.response.reject(failure);
  };

  const server = createServer((request, response) => void take(request, response));
  server.keepAliveTimeout = 0;
  const { port, close } = await listening(server);
  return {
    address: `127.0.0.1:${port}`,
    initialised: initialised.promise,
    invoke: (event, timeoutMs) => {
      const response = Promise.withResolvers<InvocationResponse>();
      const deadline = Date.now() + timeoutMs;
      queue.push({ id: randomUUID(), event: JSON.stringify(event), deadline, response });
      handOut();
      return response.promise;
    },
    close,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
