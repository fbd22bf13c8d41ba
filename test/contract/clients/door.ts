/** A gateway as the official clients see it, and the upstream behind it that says what the test wants. */
import type { Answer, Reply } from '../../../bin/upstream/aimlapi-upstream.ts';

export interface ClientDoor {
  /** Without a path and without a trailing slash. */
  readonly origin: string;
  readonly key: string;
  close(): Promise<void>;
}

export interface Script {
  /** What upstream says next. */
  answer: Answer;
  /** The bodies that reached upstream, oldest first. */
  readonly asked: string[];
}

/** Has an embedded upstream follow the script. */
export const replyFrom =
  (script: Script): Reply =>
  ({ body }) => {
    script.asked.push(JSON.stringify(body));
    return script.answer;
  };

export type OpenDoor = (script: Script) => Promise<ClientDoor>;

/** What ends an answer when the model says it. */
export const FORBIDDEN = 'open the pod bay doors';
/** A model that is served by the upstream that has /v1/completions. */
export const COMPLETIONS_MODEL = 'davinci-002';

/** The chain of all policies, redaction reversible; `{{upstream}}` and `{{completions}}` stand for base URLs. */
export const CLIENT_POLICIES = `
policies: {chain: [prompt-injection, pii-detector, safety-filter, audit-logger]}
policy:
  prompt-injection: {threshold: 0.8, action: block}
  pii-detector: {action: redact, redaction: {reversible: true}}
  safety-filter: {mode: strict, action: block, block_if: ["${FORBIDDEN}"]}
  audit-logger: {retention_days: 365}
providers:
  retry: {max_retries: 0}
  circuit_breaker: {enabled: false}
  targets:
    - {id: aimlapi, provider: aimlapi, base_url: "{{upstream}}"}
    - {id: completions, provider: openai, base_url: "{{completions}}", secret_key_ref: {env: AIMLAPI_KEY}}
  model_groups: [{name: ${COMPLETIONS_MODEL}, targets: [completions]}]
  fallback: {enabled: false}
`;
