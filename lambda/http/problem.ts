/** The error table: every way a request can fail, and how the caller is told. */
import type { ApiRoute } from '../wire/wire-format.ts';

/** Status and type by code. Source: docs/errors.md. */
const TABLE = {
  context_length_exceeded: [400, 'invalid_request_error'],
  unsupported_by_provider: [400, 'invalid_request_error'],
  invalid_api_key: [401, 'authentication_error'],
  model_not_allowed: [403, 'permission_error'],
  ip_not_allowed: [403, 'permission_error'],
  admin_role_required: [403, 'permission_error'],
  unknown_route: [404, 'invalid_request_error'],
  model_not_found: [404, 'invalid_request_error'],
  method_not_allowed: [405, 'invalid_request_error'],
  request_timeout: [408, 'invalid_request_error'],
  input_blocked: [409, 'policy_violation'],
  output_blocked: [409, 'policy_violation'],
  request_too_large: [413, 'invalid_request_error'],
  unsupported_media_type: [415, 'validation_error'],
  invalid_json: [422, 'validation_error'],
  invalid_request: [422, 'validation_error'],
  rate_limit_exceeded: [429, 'rate_limit'],
  budget_exceeded: [429, 'rate_limit'],
  upstream_rate_limited: [429, 'rate_limit'],
  client_closed_request: [499, 'invalid_request_error'],
  internal_error: [500, 'api_error'],
  upstream_error: [502, 'upstream_error'],
  upstream_auth_failed: [502, 'upstream_error'],
  upstream_insufficient_funds: [502, 'upstream_error'],
  upstream_malformed: [502, 'upstream_error'],
  no_target_available: [503, 'upstream_error'],
  gateway_disabled: [503, 'upstream_error'],
  overloaded: [503, 'upstream_error'],
  audit_unavailable: [503, 'upstream_error'],
  policy_error: [503, 'upstream_error'],
  upstream_timeout: [504, 'upstream_error'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof TABLE;

/** One failure, ready to be told. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  /** A code of the table, or upstream's own for a 4xx of upstream. */
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly policy?: string;
  readonly reasonCode?: string;
  /** Becomes Retry-After, rounded up to seconds. */
  readonly retryAfterMs?: number;
  /** True sends `x-should-retry: false`: the official clients would try again otherwise. */
  readonly isFinal?: boolean;
}

export type ProblemDetails = Omit<Problem, 'status' | 'type' | 'code' | 'message'>;

export function problem(code: ProblemCode, message: string, details: ProblemDetails = {}): Problem {
  const [status, type] = TABLE[code];
  const isFinal = status === 409 || code === 'upstream_auth_failed' || code === 'upstream_insufficient_funds';
  return { status, type, code, message, ...(isFinal && { isFinal }), ...details };
}

/** A problem on its way to the one place that answers it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(value: Problem, options?: ErrorOptions) {
    super(value.code, options);
    this.problem = value;
  }
}

export function problemHeaders(value: Problem): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(value.retryAfterMs !== undefined && {
      'retry-after': String(Math.max(1, Math.ceil(value.retryAfterMs / 1000))),
    }),
    ...(value.isFinal === true && { 'x-should-retry': 'false' }),
  };
}

/** The error as the route's clients read it. */
export function problemBody(value: Problem, route: ApiRoute | undefined, requestId: string): string {
  if (route === 'messages') {
    return JSON.stringify({
      type: 'error',
      error: { ...errorObject(value, requestId), type: anthropicType(value) },
      request_id: requestId,
    });
  }
  return JSON.stringify({ error: errorObject(value, requestId) });
}

/** The error as the last event of a stream. No [DONE] follows: a stream that merely stops looks complete. */
export function problemEvent(value: Problem, route: ApiRoute, requestId: string): string {
  if (route === 'messages') return `event: error\ndata: ${problemBody(value, route, requestId)}\n\n`;
  const error = errorObject(value, requestId);
  if (route === 'responses') {
    const { code, message, param } = error;
    return `event: error\ndata: ${JSON.stringify({ type: 'error', code, message, param, error })}\n\n`;
  }
  return `data: ${JSON.stringify({ error })}\n\n`;
}

function errorObject(value: Problem, requestId: string) {
  return {
    message: value.message,
    type: value.type,
    code: value.code,
    param: value.param ?? null,
    ...(value.policy !== undefined && { policy: value.policy }),
    ...(value.reasonCode !== undefined && { reason_code: value.reasonCode }),
    request_id: requestId,
  };
}

/** Anthropic's error types. Source: docs.anthropic.com, API errors. */
function anthropicType({ status }: Problem): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 413) return 'request_too_large';
  if (status === 429) return 'rate_limit_error';
  if (status === 503) return 'overloaded_error';
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}
