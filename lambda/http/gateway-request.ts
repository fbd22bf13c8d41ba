/** The request and reply that every front (node:http, Lambda) exchanges with the gateway. */

export interface GatewayRequest {
  readonly method: string;
  /** The request target as received: path and query. */
  readonly url: string;
  /** By lower-case name; repeated headers joined by a comma and a space. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when the caller went away. */
  readonly signal: AbortSignal;
  readonly remoteAddress?: string;
  /** The instant (milliseconds since the epoch) at which the front must have answered; Lambda's own end. */
  readonly deadline?: number;
}

export interface GatewayReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream never throws: every failure has become an error event. Each string or array is one write. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

export interface Gateway {
  /** Never rejects. */
  handle(request: GatewayRequest): Promise<GatewayReply>;
}

/** A gateway whose load its front can see and end. */
export interface RunningGateway extends Gateway {
  /** From now on requests to API routes get 503; what runs goes on. */
  drain(): void;
  /** Requests to API routes that are not over. */
  readonly running: number;
}
