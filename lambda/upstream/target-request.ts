/** The request as a target gets it: address, headers that cross, and what a provider is known not to serve. */
import type { Target } from '../config/gateway-config.ts';
import { asArray, asString, type JsonObject } from '../wire/json-value.ts';
import type { ApiRoute } from '../wire/wire-format.ts';

/** @param path Below the base URL, e.g. `/chat/completions`. */
export function targetUrl(target: Pick<Target, 'baseUrl'>, path: string): string {
  return `${target.baseUrl}${path}`;
}

/** The caller's headers that mean something upstream; all others, credentials and cookies first, end here. */
const PASSED = [
  'traceparent',
  'tracestate',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'http-referer',
  'x-title',
  'x-aimlapi-partner-id',
  'x-aimlapi-source',
] as const;

/** AIML API drops an id of another form in silence. Source: its documentation of X-Client-Request-Id. */
const CLIENT_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

export interface HeadersNeeded {
  /** The target's API key. */
  readonly secret: string;
  /** By lower-case name. */
  readonly callerHeaders: Readonly<Record<string, string>>;
  /** The gateway's id of the request: it finds the request in the provider's logs. */
  readonly requestId: string;
  readonly stream: boolean;
}

/** Headers for a POST of JSON. */
export function targetHeaders({
  secret,
  callerHeaders,
  requestId,
  stream,
}: HeadersNeeded): Record<string, string> {
  const headers: Record<string, string> = {
    // A secret pasted with a line break is the commonest cause of a header that can't be sent.
    authorization: `Bearer ${secret.trim()}`,
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'keeptrusts-gateway',
  };
  if (CLIENT_REQUEST_ID.test(requestId)) headers['x-client-request-id'] = requestId;
  for (const name of PASSED) {
    const value = callerHeaders[name];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  return headers;
}

/**
 * Why a provider is known not to serve a request, or undefined. AIML API has no plain completions, takes no token
 * ids for embeddings, and serves Claude alone on /v1/messages (its documentation, and tries of 2026-09).
 */
export function unsupportedReason(
  route: ApiRoute,
  provider: string,
  model: string,
  body: JsonObject,
): string | undefined {
  if (provider !== 'aimlapi') return undefined;
  if (route === 'completions') {
    return 'AIML API serves no /v1/completions; send the prompt as a message to /v1/chat/completions';
  }
  if (route === 'embeddings' && hasTokenIds(body['input'])) {
    return 'AIML API takes no token ids as `input` of /v1/embeddings; send strings';
  }
  if (route === 'messages' && !isClaude(model)) {
    return 'AIML API serves only Claude models on /v1/messages; name one, or send the request to /v1/chat/completions';
  }
  return undefined;
}

/** A list of numbers, or a list of such lists. */
const hasTokenIds = (input: JsonObject[string]): boolean =>
  asArray(input).some((entry) => asString(entry) === undefined);

/** With or without the vendor before the slash. */
const isClaude = (model: string): boolean => /(?:^|\/)claude/i.test(model);
