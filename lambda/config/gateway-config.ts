/**
 * The policy configuration after it was read, checked and resolved: every default filled in, every synonym
 * folded, every reference known to exist. Plain JSON, so that it can travel into the deployed function,
 * where neither the YAML parser nor the schemas are loaded.
 */
export interface GatewayConfig {
  readonly pack: Pack;
  readonly chain: readonly ChainEntry[];
  readonly targets: readonly Target[];
  readonly modelGroups: readonly ModelGroup[];
  readonly routing: Routing;
  readonly fallback: Fallback;
  readonly retry: Retry;
  readonly circuitBreaker: CircuitBreaker;
  readonly abTest?: AbTest;
  readonly sizeLimits: SizeLimits;
  readonly audit: AuditSettings;
  /** Absent: each gateway on a laptop or a server keeps its own; the deployed function always has its stack's table. */
  readonly state?: SharedState;
  /** SHA-256 (lower-case hex) of the canonical JSON of this configuration without this field. */
  readonly hash: string;
}

export interface Pack {
  readonly id: string;
  readonly name: string;
  /** SemVer; stands as config_version in every event. */
  readonly version: string;
  /** False is the master switch: every request is answered 503 gateway_disabled. */
  readonly enabled: boolean;
  readonly author?: string;
  readonly description?: string;
}

export type PolicyKind = 'prompt-injection' | 'pii-detector' | 'safety-filter' | 'audit-logger';

/** One step of the chain: which kind, under which conditions, with which settings. */
export type ChainEntry = {
  readonly [K in PolicyKind]: ChainEntryBase & { readonly kind: K; readonly settings: PolicySettings[K] };
}[PolicyKind];

export interface ChainEntryBase {
  readonly when?: When;
  readonly streamingMode: 'realtime' | 'buffered';
  /** In monitor the verdict is recorded and nothing changes. */
  readonly mode: 'enforce' | 'monitor';
}

/** All predicates that are present must hold. */
export interface When {
  /** Prefix of the request path. */
  readonly path?: string;
  /** Exact values by lower-case header name. */
  readonly header?: Readonly<Record<string, string>>;
  /** Models as the client names them. */
  readonly model?: readonly string[];
}

export interface PolicySettings {
  readonly 'prompt-injection': PromptInjectionSettings;
  readonly 'pii-detector': PiiDetectorSettings;
  readonly 'safety-filter': SafetyFilterSettings;
  readonly 'audit-logger': AuditSettings;
}

/** What a kind does when it objects; `log` is a block that is only recorded. */
export type Action = 'block' | 'escalate' | 'log';

export interface PromptInjectionSettings {
  /** Score from 0 to 1 at and above which the kind objects. */
  readonly threshold: number;
  readonly action: Action;
  /** Further patterns, RE2 syntax. */
  readonly attackPatterns: readonly string[];
  readonly encoding: {
    readonly decodeBase64: boolean;
    readonly normalizeUnicode: boolean;
    readonly detectHomoglyphs: boolean;
  };
  readonly boundaries: { readonly enforceDelimiters: boolean; readonly rejectFakeBoundaries: boolean };
  /** The message of the error that the caller sees. */
  readonly message?: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Whose text is judged; system and developer text is never scored. */
  readonly roles: readonly ('user' | 'tool' | 'assistant')[];
}

export interface PiiDetectorSettings {
  readonly action: 'redact' | 'block';
  readonly healthcareMode: boolean;
  readonly pciMode: boolean;
  /** Further patterns, RE2 syntax; a nameless one is a CUSTOM. */
  readonly detectPatterns: readonly { readonly name: string; readonly pattern: string }[];
  /** The kinds of personal data to look for; empty means the built-in list. */
  readonly entities: readonly string[];
  readonly redaction: {
    readonly markerFormat: 'label' | 'asterisks' | 'partial';
    readonly includeMetadata: boolean;
    readonly preserveLength: boolean;
    /** Marker text by kind of personal data. */
    readonly customMarkers: Readonly<Record<string, string>>;
    readonly reversible: boolean;
  };
}

export type SafetyMode =
  | 'strict'
  | 'moderate'
  | 'lenient'
  | 'critical_infrastructure'
  | 'automotive'
  | 'education'
  | 'law_enforcement';

export interface SafetyFilterSettings {
  readonly mode: SafetyMode;
  /** Empty means all. */
  readonly categories: readonly string[];
  readonly blockIf: readonly string[];
  readonly action: Action;
  readonly fuzzyMatching: boolean;
  /** Edits (Damerau-Levenshtein) that fuzzy matching forgives. */
  readonly maxDistance: number;
  /** Years; 0 means no limit. */
  readonly maxAge: number;
}

export interface AuditSettings {
  readonly immutable: boolean;
  readonly retentionDays: number;
  readonly logAllAccess: boolean;
  readonly hipaaAuditControls: boolean;
  /** Days that kept texts are kept, those of a configuration before this one included. */
  readonly captureRetentionDays: number;
  /** Present where redacted texts are kept: what takes personal data out of them. */
  readonly captureRedactor?: PiiDetectorSettings;
}

/** A configured model endpoint. */
export interface Target {
  readonly id: string;
  /** The vendor's name without the shorthand's model, e.g. `aimlapi`. */
  readonly provider: string;
  /** Sent upstream as is; absent means that the client's model passes through. */
  readonly model?: string;
  /** Without a trailing slash, its API path included: `https://api.aimlapi.com/v1`. */
  readonly baseUrl: string;
  readonly secret: SecretRef;
  /** Wall clock of a request that is not streamed, body included. */
  readonly timeoutMs: number;
  /** Wall clock of a streamed request. */
  readonly streamTimeoutMs: number;
  readonly maxContextTokens?: number;
  readonly description?: string;
  readonly weight: number;
  readonly pricing?: Pricing;
  readonly healthProbe: {
    readonly enabled: boolean;
    readonly intervalMs: number;
    readonly timeoutMs: number;
  };
  readonly dataPolicy?: {
    readonly zeroDataRetention: boolean;
    readonly trainingOptOut: boolean;
    readonly retentionDays?: number;
  };
}

/** Where a secret's value is found: an environment variable, or a key of the stack's Secrets Manager secret. */
export type SecretRef = { readonly env: string } | { readonly store: string };

/** USD per 1,000,000 tokens. */
export interface Pricing {
  readonly prompt: number;
  readonly completion: number;
  readonly cachedPrompt?: number;
}

export interface ModelGroup {
  readonly name: string;
  readonly targets: readonly string[];
  readonly aliases: readonly string[];
}

export type Strategy =
  | 'single'
  | 'ordered'
  | 'round_robin'
  | 'weighted_round_robin'
  | 'random'
  | 'lowest_latency'
  | 'highest_throughput'
  | 'lowest_cost'
  | 'least_busy';

export interface Routing {
  readonly strategy: Strategy;
  readonly windowMs: number;
  readonly minSampleCount: number;
}

export type FallbackTrigger = 'rate_limit' | 'server_error' | 'timeout' | 'connection_error';

export interface Fallback {
  readonly enabled: boolean;
  readonly triggers: readonly FallbackTrigger[];
  /** Targets tried after the first. */
  readonly maxAttempts: number;
  /** A stream with no first content by then counts as a timeout. */
  readonly firstTokenTimeoutMs: number;
}

/** Further tries of the same target. */
export interface Retry {
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

export interface CircuitBreaker {
  readonly enabled: boolean;
  readonly failureThreshold: number;
  readonly windowMs: number;
  readonly cooldownMs: number;
  readonly maxCooldownMs: number;
  readonly halfOpenMaxRequests: number;
}

export interface AbTest {
  readonly stickyBy: 'user_id' | 'conversation_id' | 'request_id';
  readonly variants: readonly { readonly providerId: string; readonly weight: number }[];
}

export interface SizeLimits {
  readonly maxBodyBytes: number;
  readonly maxResponseBytes: number;
}

/** Where gateways outside AWS Lambda share what they know of the targets' circuits. */
export interface SharedState {
  /** A table with the string partition key `id` and the time-to-live attribute `ttl`. */
  readonly dynamodbTable: string;
}
