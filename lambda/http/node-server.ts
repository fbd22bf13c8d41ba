/** Serves a gateway on a port of this machine through node:http. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Log } from '../services.ts';
import { MAX_HEADER_BYTES, errorBody, refusalFor } from './connection-refusal.ts';
import type { Gateway } from './gateway-request.ts';
import { sendReply } from './node-reply.ts';
import { RequestBody, toGatewayRequest } from './node-request.ts';
import { RequestBodyFailure } from './request-body-failure.ts';

// To import node:http is to read all that it exports, its WebSocket too, for which Node loads a whole HTTP client:
// a tenth of the time that the gateway takes to start.
const { createServer } = process.getBuiltinModule('node:http');

/** Where to listen; times have defaults that suit the open internet. */
export interface NodeServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Log;
  /** Until all headers are there. Default 20,000. */
  readonly headersTimeoutMs?: number;
  /** Until the body is there too. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** How long an idle connection is kept for the next request. Default 65,000: longer than load balancers keep theirs. */
  readonly keepAliveTimeoutMs?: number;
}

/** A gateway that listens. */
export interface NodeServer {
  /** Without a trailing slash: `http://127.0.0.1:41002`. */
  readonly url: string;
  /**
   * Resolves when every request under way was answered. Meanwhile the gateway is still asked for new ones,
   * so that it can refuse them. After `drainMs` milliseconds whatever still runs is cut, and waited for.
   */
  close(drainMs: number): Promise<void>;
}

/** One request under way. */
interface Exchange {
  readonly abort: AbortController;
  readonly body: RequestBody;
  readonly response: ServerResponse;
}

/** Resolves when the port is taken into use; rejects with the system's error (EADDRINUSE, EACCES) when it can't be. */
export async function startNodeServer(gateway: Gateway, options: NodeServerOptions): Promise<NodeServer> {
  const { requestTimeoutMs = 60_000 } = options;
  const server = createServer({
    headersTimeout: Math.min(options.headersTimeoutMs ?? 20_000, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000,
    connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
  });
  // node:http would drop headers beyond a count in silence; their size is bounded anyway.
  server.maxHeadersCount = 0;
  const exchanges = new Exchanges(gateway, options.log);
  exchanges.attachTo(server);
  await listen(server, options.host, options.port);
  return { url: urlOf(server), close: (drainMs) => exchanges.drain(server, drainMs) };
}

/** What is cut needs a moment to end; what does not end even then shall not keep the process. */
const SETTLE_MS = 5000;

/** Every request under way, by connection: whose connection ends, ends with it. */
class Exchanges {
  readonly #gateway: Gateway;
  readonly #log: Log;
  readonly #byConnection = new Map<Socket, Set<Exchange>>();
  #count = 0;
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  constructor(gateway: Gateway, log: Log) {
    this.#gateway = gateway;
    this.#log = log;
  }

  attachTo(server: Server): void {
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on('request', (message, response) => void this.#serve(message, response));
    server.on('checkContinue', (message, response) => void this.#serve(message, response, true));
    server.on('checkExpectation', (_message, response: ServerResponse) => {
      const requestId = randomUUID();
      response.writeHead(417, { 'content-type': 'application/json', 'x-request-id': requestId });
      const message = 'the only expectation that is understood is 100-continue; leave the Expect header out';
      response.end(errorBody('invalid_request_error', 'unknown_expectation', message, requestId));
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (socket instanceof Socket) this.#fault(error, socket);
      else socket.destroy();
    });
  }

  drain(server: Server, drainMs: number): Promise<void> {
    this.#isDraining = true;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#log('warn', 'drain time is over; cutting what still runs', { requests: this.#count });
        stop();
        for (const exchanges of this.#byConnection.values()) abortAll(exchanges);
        server.closeAllConnections();
      }, drainMs);
      const stop = (): void => {
        this.#onIdle = undefined;
        server.close(() => {
          clearTimeout(deadline);
          void this.#settled().then(resolve);
        });
        // Whose answer is still being flushed gets the rest of it first.
        for (const socket of this.#byConnection.keys()) socket.destroySoon();
      };
      if (this.#count === 0) stop();
      else this.#onIdle = stop;
    });
  }

  /** Resolves when the gateway is done with every request, those that were cut off too: they leave evidence. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) return resolve();
      const patience = setTimeout(() => {
        this.#log('error', 'requests that were cut did not end', { requests: this.#count });
        resolve();
      }, SETTLE_MS);
      this.#onIdle = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }

  #admit(socket: Socket): void {
    const exchanges = new Set<Exchange>();
    this.#byConnection.set(socket, exchanges);
    // node:http answers nobody who has closed his sending half, so this is a goodbye already.
    socket.once('end', () => abortAll(exchanges));
    socket.once('close', () => {
      abortAll(exchanges);
      this.#byConnection.delete(socket);
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse, awaitsContinue = false): Promise<void> {
    const { socket } = message;
    const onFirstRead = awaitsContinue ? (): void => response.writeContinue() : undefined;
    const body = new RequestBody(message, onFirstRead);
    const exchange: Exchange = { abort: new AbortController(), body, response };
    const connection = this.#byConnection.get(socket);
    connection?.add(exchange);
    this.#count += 1;
    if (this.#isDraining) response.shouldKeepAlive = false;
    try {
      const reply = await this.#gateway.handle(toGatewayRequest(message, body, exchange.abort.signal));
      // A caller who was never told to go on may or may not send the body: the connection can't be used again.
      if (awaitsContinue && !body.wasRead) response.shouldKeepAlive = false;
      await sendReply(response, reply);
    } catch (error) {
      this.#fail(exchange, error);
    } finally {
      connection?.delete(exchange);
      body.discard();
      this.#count -= 1;
      if (this.#count === 0 && this.#isDraining) setImmediate(() => this.#onIdle?.());
    }
  }

  /** The gateway answers every failure itself; what arrives here is a fault of this program. */
  #fail({ response, abort }: Exchange, error: unknown): void {
    if (abort.signal.aborted) return;
    const requestId = randomUUID();
    this.#log('error', 'a request could not be answered', {
      request_id: requestId,
      error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
    });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.writeHead(500, { 'content-type': 'application/json', 'x-request-id': requestId });
    response.end(
      errorBody('api_error', 'internal_error', 'the gateway failed; its log has the cause', requestId),
    );
  }

  /** What node:http could not read, or waited for in vain. */
  #fault(error: NodeJS.ErrnoException, socket: Socket): void {
    const exchanges = [...(this.#byConnection.get(socket) ?? [])];
    const unfinished = exchanges.filter(({ response }) => !response.writableEnded);
    const answer = refusalFor(error.code);
    if (answer === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    if (unfinished.length === 0) {
      socket.end(answer);
      socket.destroySoon();
      return;
    }
    const reason = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too_slow' : 'malformed';
    for (const { body, response } of unfinished) {
      body.fail(new RequestBodyFailure(reason));
      response.shouldKeepAlive = false;
      response.once('finish', () => socket.destroySoon());
    }
  }
}

function abortAll(exchanges: ReadonlySet<Exchange>): void {
  for (const { abort, body } of exchanges) {
    abort.abort();
    body.fail(new RequestBodyFailure('closed'));
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const at = server.address();
  // A string is the path of a pipe, and null a server that does not listen: neither was asked for.
  if (at === null || typeof at === 'string') throw new Error('the server listens on no port');
  return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${String(at.port)}`;
}
