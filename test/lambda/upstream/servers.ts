/** Upstreams for the tests of the caller: HTTP servers with a plain handler, and raw TCP servers for what no HTTP server does. */
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { createUndiciCall, type UndiciCallOptions } from '../../../lambda/upstream/undici-call.ts';
import type { UpstreamReply, UpstreamRequest } from '../../../lambda/upstream/upstream-call.ts';

async function listening(server: Server) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, url: `http://127.0.0.1:${port}/v1`, sockets, [Symbol.asyncDispose]: close };
}

/** An HTTP server. */
export const anHttpServer = (handler: RequestListener) =>
  listening(createHttp({ keepAliveTimeout: 60_000 }, handler));

/** A TCP server that calls back once for each piece of a request that comes in. */
export const aTcpServer = (onRequest: (socket: Socket, count: number) => void) => {
  let count = 0;
  return listening(
    createTcp((socket) => {
      socket.on('data', () => onRequest(socket, (count += 1)));
    }),
  );
};

/** A caller that closes with the scope. */
export function aCaller(options: UndiciCallOptions = {}) {
  const caller = createUndiciCall(options);
  return { ...caller, [Symbol.asyncDispose]: () => caller.destroy() };
}

/** A request that nobody aborts. */
export const aRequest = (url: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{}',
  signal: new AbortController().signal,
  ...more,
});

/** The whole body as text. */
export async function textOf({ body }: Pick<UpstreamReply, 'body'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
