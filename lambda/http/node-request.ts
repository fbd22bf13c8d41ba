/** Reads a request of node:http as the gateway wants it. */
import type { IncomingMessage } from 'node:http';
import type { GatewayRequest } from './gateway-request.ts';
import { RequestBodyFailure } from './request-body-failure.ts';

/** Makes the gateway's request; the headers keep every repetition, unlike those that node:http merges. */
export function toGatewayRequest(
  message: IncomingMessage,
  body: RequestBody,
  signal: AbortSignal,
): GatewayRequest {
  const { remoteAddress } = message.socket;
  return {
    method: message.method ?? 'GET',
    url: originForm(message.url ?? '/'),
    headers: readHeaders(message.rawHeaders),
    body,
    signal,
    ...(remoteAddress !== undefined && { remoteAddress }),
  };
}

/** Callers that take this server for a proxy write the whole URL, which a server must accept (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (path === undefined) return target;
  return path.startsWith('/') ? path : `/${path}`;
}

/** Folds a flat list of names and values by lower-case name. */
export function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/**
 * The body of one request, pulled chunk by chunk: nothing is read from the socket that nobody asked for.
 * It adds listeners only when it is read, which spares them to every request without a body.
 */
export class RequestBody implements AsyncIterableIterator<Uint8Array> {
  readonly #message: IncomingMessage;
  readonly #onFirstRead: (() => void) | undefined;
  #started = false;
  #finished = false;
  #failure: RequestBodyFailure | undefined;
  #wake: (() => void) | undefined;

  /** @param onFirstRead Called once, before the first byte is waited for (`Expect: 100-continue`). */
  constructor(message: IncomingMessage, onFirstRead?: () => void) {
    this.#message = message;
    this.#onFirstRead = onFirstRead;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#start();
    for (;;) {
      const chunk: unknown = this.#finished ? null : this.#message.read();
      if (chunk instanceof Uint8Array) return { done: false, value: chunk };
      if (this.#finished || this.#isComplete()) break;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#message.destroyed) throw new RequestBodyFailure('closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#finished = true;
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#finished = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Whether anybody asked for the first byte. */
  get wasRead(): boolean {
    return this.#started;
  }

  /** Lets what was not read run off, so that the connection can serve the next request. */
  discard(): void {
    if (this.#message.complete || this.#message.destroyed) return;
    this.#finished = true;
    this.#message.removeAllListeners('readable').resume();
  }

  /** Makes the reader's next or pending read throw, unless the body is complete. */
  fail(failure: RequestBodyFailure): void {
    this.#failure ??= failure;
    this.#stir();
  }

  #isComplete(): boolean {
    return this.#message.readableEnded || (this.#message.complete && this.#message.readableLength === 0);
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#message.complete && this.#message.readableLength === 0) return;
    this.#onFirstRead?.();
    const stir = (): void => this.#stir();
    this.#message.on('readable', stir).on('end', stir).on('error', stir).on('close', stir);
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
