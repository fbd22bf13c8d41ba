/** Turns every error an upstream can send into one of ours: what the caller is told and what routing must know. */
import { cleanText } from './clean-text.ts';
import { readErrorBody, readErrorObject, type ErrorWords } from './error-body.ts';
import { asString, isObject, type JsonObject } from '../wire/json-value.ts';

/** An error that is no 2xx, or one inside a reply that began as a success. */
export interface UpstreamRefusal {
  /** What it says about the target, in routing's words. */
  readonly kind: 'rate_limited' | 'auth_failed' | 'out_of_funds' | 'http_error';
  /** Upstream's own status, by its status line or by the frame's word; 502 when a frame names none. */
  readonly status: number;
  readonly problem: UpstreamProblem;
  readonly upstreamRequestId?: string;
}

/** What the caller is told, in the error table's terms. */
export interface UpstreamProblem {
  readonly status: number;
  readonly type: 'invalid_request_error' | 'rate_limit' | 'upstream_error';
  /** A code of the error table, or upstream's own for a 4xx. */
  readonly code: string;
  readonly message: string;
  /** Dotted path of the field that upstream objects to. */
  readonly param?: string;
  /** Another try of the caller would fail in the same way. */
  readonly isFinal?: boolean;
}

export interface ErrorReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the message, e.g. `aimlapi`. */
  readonly provider: string;
}

/** Reads a reply whose status is no 2xx. */
export function readUpstreamProblem({ status, headers, body, provider }: ErrorReply): UpstreamRefusal {
  const words = readErrorBody(body);
  const requestId = words.requestId ?? headers['x-request-id'];
  return {
    ...judge(status, words, provider),
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
  };
}

/** Reads an error that came as a frame of a stream, or as the body of a 2xx. Ask isErrorFrame first. */
export function readErrorFrame(data: JsonObject, provider = 'upstream'): UpstreamRefusal {
  const words = readErrorObject(data);
  const status = words.status ?? STATUS_BY_WORD[words.code ?? ''] ?? 502;
  return {
    ...judge(status, words, provider),
    ...(words.requestId !== undefined && { upstreamRequestId: words.requestId }),
  };
}

/**
 * Whether a frame, or the body of a 2xx, is an error: an `error` object, an event of type error, or AIML API's
 * shapes A, B and C. A Responses object has an `error` of its own, which its clients know.
 */
export function isErrorFrame(data: JsonObject): boolean {
  if (data['object'] === 'response') return false;
  const { error } = data;
  if (data['type'] === 'error' || isObject(error) || (typeof error === 'string' && error !== '')) return true;
  if (data['choices'] !== undefined) return false;
  const claimed = data['statusCode'] ?? data['status'];
  const isStatus =
    typeof claimed === 'number' || (data['status'] === undefined && typeof claimed === 'string');
  const speaks = asString(data['message']) !== undefined || asString(data['title']) !== undefined;
  return isStatus && Number(claimed) >= 400 && speaks;
}

/** Anthropic's error types, which stand for a status inside a stream. Source: docs.anthropic.com, API errors. */
const STATUS_BY_WORD: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  overloaded_error: 529,
};

/** Money, beyond doubt; holds for every status of a refusal. */
const OUT_OF_FUNDS =
  /insufficient[ _](?:funds|balance|credits?|quota)|(?:run|ran) out of (?:funds|credits?)|credit balance is too low|exceeded your current quota/i;

/** Words that mean money where the status already says forbidden or payment required. */
const ABOUT_MONEY = /\bfunds?\b|\bcredits?\b|\bbilling\b|\bbalance\b|plan\.rule|\btop[ -]?up\b|\bpayment\b/i;

const TOO_MANY = /concurren|rate[ _-]?limit|too many (?:\w+ )?requests/i;

function judge(
  status: number,
  words: ErrorWords,
  provider: string,
): Pick<UpstreamRefusal, 'kind' | 'status' | 'problem'> {
  const said = `${words.code ?? ''} ${words.message ?? ''}`;
  // A message about a field may quote the caller's text, which may speak of anything.
  const isAboutField = words.param !== undefined;
  const isClientError = status >= 400 && status < 500;
  if (isClientError && !isAboutField && isMoney(status, said)) {
    const problem = failure(
      'upstream_insufficient_funds',
      `the gateway's account at ${provider} is out of funds or over its plan`,
      words,
    );
    return { kind: 'out_of_funds', status, problem: { ...problem, isFinal: true } };
  }
  if (status === 429 || (isClientError && !isAboutField && TOO_MANY.test(said))) {
    return { kind: 'rate_limited', status, problem: rateLimited(words, provider) };
  }
  if (status === 401 || status === 403) {
    const problem = failure(
      'upstream_auth_failed',
      `${provider} refused the gateway's own key (status ${status})`,
      words,
    );
    return { kind: 'auth_failed', status, problem: { ...problem, isFinal: true } };
  }
  const problem =
    isClientError && status !== 408
      ? refusedRequest(status, words, provider)
      : failure('upstream_error', `${provider} failed (status ${status})`, words);
  return { kind: 'http_error', status, problem };
}

const isMoney = (status: number, said: string): boolean =>
  OUT_OF_FUNDS.test(said) || status === 402 || (status === 403 && ABOUT_MONEY.test(said));

/** Ours to answer for: 502, with upstream's words after ours. */
function failure(code: string, message: string, words: ErrorWords): UpstreamProblem {
  return { status: 502, type: 'upstream_error', code, message: withWords(message, words) };
}

function rateLimited(words: ErrorWords, provider: string): UpstreamProblem {
  const message = withWords(`${provider} limits requests for the time being`, words);
  return { status: 429, type: 'rate_limit', code: 'upstream_rate_limited', message };
}

function withWords(message: string, { message: said = '' }: ErrorWords): string {
  const clean = cleanText(said);
  return clean === '' ? message : cleanText(`${message}: ${clean}`);
}

/** The caller's to mend: upstream's status, words, code and field. */
function refusedRequest(status: number, words: ErrorWords, provider: string): UpstreamProblem {
  const said = cleanText(words.message ?? '');
  return {
    status,
    type: 'invalid_request_error',
    code: codeOf(status, words),
    message: said === '' ? `${provider} refused the request (status ${status}) without a reason` : said,
    ...(words.param !== undefined && { param: cleanText(words.param) }),
  };
}

function codeOf(status: number, { code, message }: ErrorWords): string {
  if (status === 404) {
    return /model|endpoints? found|engine/i.test(`${code ?? ''} ${message ?? ''}`)
      ? 'model_not_found'
      : 'unknown_route';
  }
  if (status === 413) return 'request_too_large';
  // A vendor's type says no more than the status; its codes do, e.g. context_length_exceeded.
  const isType = code === undefined || code.endsWith('_error') || code.endsWith('Exception');
  return isType ? 'invalid_request' : code;
}
