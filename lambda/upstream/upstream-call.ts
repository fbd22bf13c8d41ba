/** One HTTP exchange with an upstream, as the gateway sees it. */

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Aborts the exchange at once, the body included: the connection is closed, nothing is drained. */
  readonly signal: AbortSignal;
}

export interface UpstreamReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Read once. Ends when upstream's body ended as HTTP says; throws ConnectionFailure when it was cut.
   * Leaving the loop early closes the connection.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Resolves when the status line and headers are there. Throws ConnectionFailure, or the signal's reason. */
export type CallUpstream = (request: UpstreamRequest) => Promise<UpstreamReply>;

/** No HTTP answer, or not all of it: refused, reset, DNS, TLS, cut. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** The system's code, e.g. ECONNREFUSED; for log and event. */
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`upstream connection failed: ${code}`, options);
    this.code = code;
  }
}
