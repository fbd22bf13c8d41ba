/** A Lambda Function URL in RESPONSE_STREAM mode: HTTP in, events to the function, its streamed responses out. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import {
  type FunctionProcess,
  type FunctionProcessOptions,
  startFunctionProcess,
} from './function-process.ts';
import type { InvocationResponse } from './runtime-api.ts';
import { listening } from './listening.ts';

export interface FunctionUrl {
  /** With a slash at its end, as Lambda gives it. */
  readonly url: string;
  /** The log of all environments. */
  log(): string;
  close(): Promise<void>;
}

export interface FunctionUrlOptions extends FunctionProcessOptions {
  /** The function's own timeout. Default 900 s. */
  readonly timeoutMs?: number;
  /** Requests served at the same time; one environment serves one. Default 1, further requests wait. */
  readonly environments?: number;
}

/** The most that Lambda takes as a payload. */
const LARGEST_BODY = 6 * 1024 * 1024;
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const preludeSchema = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.string()).default({}),
});

/** Starts the environments, then listens on a free port of the loopback address. */
export async function startFunctionUrl(options: FunctionUrlOptions): Promise<FunctionUrl> {
  const { environments = 1, timeoutMs = 900_000 } = options;
  const processes = await Promise.all(
    Array.from({ length: environments }, () => startFunctionProcess(options)),
  );
  const idle = [...processes];
  const waiting: ((process: FunctionProcess) => void)[] = [];
  const release = (process: FunctionProcess): void => {
    const next = waiting.shift();
    if (next) next(process);
    else idle.push(process);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    if (body.length > LARGEST_BODY) return void response.writeHead(413).end();
    const process = idle.pop() ?? (await new Promise<FunctionProcess>((resolve) => waiting.push(resolve)));
    try {
      await passOn(await process.invoke(eventOf(request, body), timeoutMs), response);
    } catch {
      // What Lambda answers when the handler throws; the cause is in the function's log.
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end('Internal Server Error');
    } finally {
      release(process);
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  const { port, close } = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    log: () => processes.map((process) => process.log()).join(''),
    close: async () => {
      await close();
      await Promise.all(processes.map((process) => process.stop()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Payload format 2.0. */
function eventOf(request: IncomingMessage, body: Buffer): Record<string, unknown> {
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?', 2);
  const { cookie, connection: _connection, ...sent } = request.headers;
  const isText =
    /^(text\/|application\/(json|javascript|xml))/.test(request.headers['content-type'] ?? '') &&
    request.headers['content-encoding'] === undefined;
  const sourceIp = request.socket.remoteAddress;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)])),
    requestContext: {
      requestId: randomUUID(),
      http: { method: request.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp },
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The prelude, eight zero bytes, then the body; without that content type all is body, and the status 200. */
async function passOn(answer: InvocationResponse, response: ServerResponse): Promise<void> {
  let head: Buffer | undefined = answer.contentType === PRELUDE_TYPE ? Buffer.alloc(0) : undefined;
  if (!head) response.writeHead(200, { 'content-type': answer.contentType });
  for await (const part of answer.body) {
    let chunk = Buffer.from(part);
    if (head) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(Buffer.alloc(8));
      if (end < 0) continue;
      const { statusCode, headers } = preludeSchema.parse(JSON.parse(head.subarray(0, end).toString()));
      response.writeHead(statusCode, headers).flushHeaders();
      chunk = head.subarray(end + 8);
      head = undefined;
    }
    // Lambda hides a caller that has gone away from the function: what it sends is then thrown away.
    if (chunk.length > 0 && !response.destroyed && !response.write(chunk)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/octet-stream' });
  response.end();
  answer.acknowledge();
}
