/** What the embedded upstream can be told at its start, and what it tells of the requests it got. */
import type { Reply } from './answer.ts';
import type { Fault } from './fault.ts';

export interface AimlapiUpstreamOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Decides answers; what it leaves undefined is answered by the built-in script. */
  readonly reply?: Reply;
  /** Every POST goes wrong in this way. */
  readonly fault?: Fault;
  /** Milliseconds between the frames of a stream; default: as fast as they go. 0: each in a write of its own. */
  readonly tokenDelayMs?: number;
  /** Whether streams of chat completions end with [DONE], as some of AIML API's do. Default true. */
  readonly done?: boolean;
  /** Status of good answers; AIML API answered 201 until late 2025. Default 200. */
  readonly status?: 200 | 201;
  /** Keys that are accepted; default: any that is not empty. */
  readonly keys?: readonly string[];
  /** False keeps nothing of the requests; for benchmarks. Default true. */
  readonly record?: boolean;
  /** True encodes each answer once and repeats its bytes, ids included; for benchmarks. Default false. */
  readonly prebuilt?: boolean;
}

/** A request as it came in. */
export interface RecordedRequest {
  readonly method: string;
  /** As received: a `/fault/…` prefix and the query included. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body, read as UTF-8. */
  readonly body: string;
  readonly bytes: Uint8Array;
  /** Settles when the exchange is over: answered to the end, or the connection closed before that. */
  readonly ended: Promise<'answered' | 'closed'>;
}
