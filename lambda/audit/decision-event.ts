/**
 * The decision event: the audit record of one request, one for each whatever its end. It holds no prompt, no
 * completion, no personal data and no secret: hashes, counts, types and positions only.
 */
import type { PolicyKind } from '../config/gateway-config.ts';

export const SCHEMA_VERSION = '1.0';

export type EventVerdict = 'allow' | 'redact' | 'block' | 'escalate' | 'error';

/** Field names are those of the stored JSON line. Absent knowledge is null, so that every line has every column. */
export interface DecisionEvent {
  /** `evt_` and a ULID. */
  readonly event_id: string;
  readonly event_type: 'decision';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** ISO 8601, UTC, microseconds. */
  readonly timestamp: string;
  readonly request_id: string;
  readonly conversation_id: string | null;
  readonly org_id: string | null;
  readonly team_id: string | null;
  readonly user_id: string | null;
  /** The gateway key's name. */
  readonly consumer: string | null;
  readonly consumer_group: string | null;
  readonly agent_id: string | null;
  readonly gateway_id: string;
  readonly environment: string;
  readonly pack_name: string;
  readonly config_version: string;
  readonly config_hash: string;
  readonly verdict: EventVerdict;
  readonly reason_code: string;
  readonly blocked_phase: 'input' | 'output' | null;
  /** The kind whose verdict decided. */
  readonly policy_name: string | null;
  /** A policy failed, or shared state was out of reach, and the gateway went on as it was told to. */
  readonly degraded: boolean;
  readonly target_id: string | null;
  readonly target_description: string | null;
  readonly provider: string | null;
  readonly requested_model: string | null;
  /** The model that answered, by upstream's own word, else the one that was asked. */
  readonly model: string | null;
  /** The vendor behind the provider, where upstream names it. */
  readonly vendor: string | null;
  readonly route: string;
  readonly strategy: string;
  readonly variant: string | null;
  readonly attempts: readonly Attempt[];
  readonly stream: boolean;
  readonly http_status: number;
  /** As upstream spelled it. */
  readonly finish_reason: string | null;
  readonly upstream_request_id: string | null;
  readonly upstream_inference_id: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_tokens: number;
  /** Part of the output tokens; with some models beside them, which shows in the total alone. */
  readonly reasoning_tokens: number;
  readonly total_tokens: number;
  readonly usage_estimated: boolean;
  readonly cost_input_usd: number;
  readonly cost_output_usd: number;
  readonly cost_usd: number;
  readonly cost_source: 'provider' | 'pricing' | 'none';
  readonly latency_total_ms: number;
  readonly latency_upstream_ms: number;
  readonly latency_gateway_ms: number;
  /** To the first content that upstream sent. */
  readonly ttft_ms: number | null;
  readonly policy_results: readonly PolicyResult[];
  readonly redactions: readonly Redaction[];
  /** HMAC-SHA-256 of the input texts under the deployment's key. */
  readonly prompt_hash: string | null;
  readonly prompt_redacted: boolean;
  readonly output_hash: string | null;
  readonly client_closed: boolean;
  readonly audit: {
    readonly immutable: boolean;
    readonly retention_days: number;
    readonly expires_at: string;
  };
  /** Only where fields had to be cut: their names and how long they were. */
  readonly truncated?: Readonly<Record<string, number>> | undefined;
  /** Keeps its place in the order of the fields; the link is made when the event is stored. */
  readonly chain?: ChainLink | undefined;
}

/** A decision event as it is stored: linked to its writer's previous one. */
export interface ChainedEvent extends DecisionEvent {
  readonly chain: ChainLink;
}

export interface ChainLink {
  /** One Lambda environment or one local process. */
  readonly writer_id: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** The `hash` of the writer's previous event; 64 zeros for its first. */
  readonly prev_hash: string;
  /** SHA-256, lower-case hex, of the canonical JSON (RFC 8785) of the event without this field. */
  readonly hash: string;
}

/** One call of one target. */
export interface Attempt {
  readonly target_id: string;
  /** Upstream's HTTP status; null when none came. */
  readonly status: number | null;
  readonly latency_ms: number;
  /** A code of the error table, or null. */
  readonly error: string | null;
}

export interface PolicyResult {
  readonly kind: PolicyKind;
  readonly phase: 'input' | 'output';
  readonly mode: 'enforce' | 'monitor';
  readonly verdict: EventVerdict;
  readonly reason_code: string;
  readonly score: number | null;
  readonly latency_ms: number;
  /** Findings by kind of personal data. */
  readonly entities: Readonly<Record<string, number>>;
}

export interface Redaction {
  readonly phase: 'input' | 'output';
  /** JSON pointer of the text in the request or reply. */
  readonly lane: string;
  readonly type: string;
  /** UTF-16 offsets in the original text. */
  readonly start: number;
  readonly end: number;
}
