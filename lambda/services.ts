/** Everything the gateway needs from outside: clocks, chance, secrets, the network, shared state, evidence. */
import type { CaptureSink } from './audit/capture-sink.ts';
import type { DecisionEvent } from './audit/decision-event.ts';
import type { CreateDigest } from './audit/digest.ts';
import type { AuditSink } from './audit/sink.ts';
import type { SecretRef } from './config/gateway-config.ts';
import type { CircuitStore } from './state/circuit-store.ts';
import type { GatewayKey } from './state/key-store.ts';
import type { Tracing } from './tracing/tracing.ts';
import type { CallUpstream } from './upstream/upstream-call.ts';

export interface Services {
  /** Milliseconds since the epoch, with fractions where the clock has them. */
  readonly now: () => number;
  /** Milliseconds on a clock that never jumps, with fractions; for durations. */
  readonly elapsed: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly secrets: SecretSource;
  readonly callUpstream: CallUpstream;
  readonly circuits: CircuitStore;
  readonly audit: AuditSink;
  /** Where redacted texts go; absent: none are kept, whatever the configuration says. */
  readonly captures?: CaptureSink;
  readonly log: Log;
  readonly identity: GatewayIdentity;
  readonly createDigest: CreateDigest;
  /** Absent on a laptop without keys: the gateway is open. */
  readonly keys?: KeyCheck;
  /** Requests to API routes at once; above it the answer is 503 overloaded. Absent: no limit. */
  readonly maxConcurrency?: number;
  /** Reads the configuration again (local run only); absent: POST /keeptrusts/config/reload is an unknown route. */
  readonly reload?: () => Promise<ReloadOutcome>;
  /** Told of each decision once, before it is stored; must neither wait nor throw. */
  readonly onDecision?: (event: DecisionEvent) => void;
  /** Absent: nothing is traced, and a caller's traceparent goes upstream as it came. */
  readonly tracing?: Tracing;
}

export interface SecretSource {
  /** The value, or undefined when there is none. Never throws. */
  get(ref: SecretRef): Promise<string | undefined> | string | undefined;
  /** Forgets what is cached of it, so that the next get reads afresh (upstream answered 401 or 403). */
  forget(ref: SecretRef): void;
}

/** Finds the gateway key that a caller presented; undefined when unknown, expired or revoked. */
export type KeyCheck = (presented: string) => Promise<GatewayKey | undefined>;

export interface GatewayIdentity {
  readonly gatewayId: string;
  /** e.g. `local`, `production`. */
  readonly environment: string;
  /** What a policy that fails, or evidence that can't be stored, does to the request. */
  readonly failMode: 'block' | 'allow';
}

export type ReloadOutcome =
  | { readonly ok: true; readonly version: string }
  /** One line for each mistake; the running configuration stays. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** One JSON line for each entry; fields never hold prompt text, answers or secrets. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;
