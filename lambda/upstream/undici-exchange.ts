/** One request and its reply on a pool's connection: undici's callbacks on one side, a promise and a body on the other. */
import { ArrivedBody, type Flow } from './arrived-body.ts';
import { connectionFailure } from './connection-failure.ts';
import { decodedBody, isEncoding } from './decoded-body.ts';
import type { Dispatcher } from 'undici';
import type { UpstreamReply, UpstreamRequest } from './upstream-call.ts';

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Resolves when status and headers are there. */
export function exchange(pool: Dispatcher, path: string, request: UpstreamRequest): Promise<UpstreamReply> {
  return new Promise((resolve, reject) => {
    const { method, headers, body, signal } = request;
    const options: Dispatcher.DispatchOptions = {
      path,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    };
    const handler = new UndiciExchange(signal, resolve, reject, () => pool.dispatch(options, handler));
    handler.dispatch();
  });
}

class UndiciExchange implements Dispatcher.DispatchHandler, Flow {
  readonly dispatch: () => void;
  readonly #signal: AbortSignal;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ArrivedBody | undefined;
  #isRepeated = false;

  constructor(
    signal: AbortSignal,
    resolve: (reply: UpstreamReply) => void,
    reject: (reason: unknown) => void,
    dispatch: () => void,
  ) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.dispatch = dispatch;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** A connection is there and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#signal.throwIfAborted();
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, raw: RawHeaders): void {
    if (status < 200) return;
    const body = new ArrivedBody(this);
    this.#body = body;
    const encoding = raw['content-encoding'];
    if (typeof encoding === 'string' && isEncoding(encoding)) {
      const { 'content-encoding': _encoding, 'content-length': _length, ...others } = raw;
      const decoded = decodedBody(body, encoding, this.#signal);
      this.#resolve({ status, headers: plainHeaders(others), body: decoded });
    } else {
      this.#resolve({ status, headers: plainHeaders(raw), body });
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#signal.aborted) return;
    const failure = connectionFailure(error);
    if (this.#controller === undefined && !this.#isRepeated && failure.code === 'ECONNRESET') {
      // The connection died while the request waited in line for it. Not one byte was written, so nothing can
      // have been processed; after the first written byte that is unknown, and a repetition might be billed.
      this.#isRepeated = true;
      queueMicrotask(this.dispatch);
      return;
    }
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (this.#body === undefined) this.#reject(failure);
    else this.#body.fail(failure);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** The reader left: the connection is closed, nothing is drained. */
  abort(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#controller?.abort(new Error('the reader left'));
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal.reason;
    this.#reject(reason);
    this.#body?.cancel(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  };
}

/** Repeated headers as one, as HTTP allows for all but cookies, which go nowhere. */
function plainHeaders(raw: RawHeaders): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(raw)) {
    const value = raw[name];
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}
