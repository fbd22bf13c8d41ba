/** Reads an error body of whatever shape: AIML API's four, OpenAI's, Anthropic's, and those of common web servers. */
import {
  asArray,
  asObject,
  asString,
  isObject,
  parseObject,
  type JsonObject,
  type JsonValue,
} from '../wire/json-value.ts';

/** What an error body says; nothing of it is cleaned yet. */
export interface ErrorWords {
  readonly message?: string;
  /** Upstream's own code, or else its type, e.g. `insufficient_quota`. */
  readonly code?: string;
  /** Dotted path of the field that is at fault. */
  readonly param?: string;
  /** The status that the body names. */
  readonly status?: number;
  readonly requestId?: string;
}

/** What may stand before a vendor's own error that is passed on as JSON text: the vendor's status. */
const BEFORE_VENDOR_JSON = /^\s*(?:\d{3}[\s:]+)?$/;

/** The words of a body; of one that is no JSON object the text itself. */
export function readErrorBody(text: string): ErrorWords {
  const body = parseObject(text);
  if (body !== undefined) return readErrorObject(body);
  return text.trim() === '' ? {} : { message: text };
}

/** The words of an error object, a vendor's error in its message unwrapped once. */
export function readErrorObject(body: JsonObject): ErrorWords {
  const words = plainWords(body);
  const inner = vendorsError(words.message ?? '');
  if (inner === undefined) return words;
  const { message, code, param } = plainWords(inner);
  return {
    ...words,
    ...(message !== undefined && { message }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  };
}

function vendorsError(message: string): JsonObject | undefined {
  const start = message.indexOf('{');
  if (start === -1 || !BEFORE_VENDOR_JSON.test(message.slice(0, start))) return undefined;
  return parseObject(message.slice(start));
}

function plainWords(body: JsonObject): ErrorWords {
  const error = asObject(body['error']);
  const fault = firstDetail(error) ?? firstZodError(body['meta']);
  const said = messageOf(error, body);
  const code = wordOf(error?.['code']) ?? wordOf(body['code']) ?? wordOf(error?.['type']);
  const param = asString(error?.['param']) ?? asString(body['param']) ?? fault?.path;
  const status = statusIn(body, error);
  const requestId =
    asString(body['requestId']) ?? asString(body['request_id']) ?? asString(error?.['request_id']);
  const message = joined(said, fault?.reason);
  return {
    ...(message !== undefined && { message }),
    ...(code !== undefined && { code }),
    ...(param && { param }),
    ...(status !== undefined && { status }),
    ...(requestId && { requestId }),
  };
}

function messageOf(error: JsonObject | undefined, body: JsonObject): string | undefined {
  const candidates = [error?.['message'], body['error'], body['message'], body['detail'], body['title']];
  return candidates.map(textIn).find((text) => text !== undefined && text !== '');
}

/** A text, or a list of texts as some frameworks send it. */
function textIn(value: JsonValue | undefined): string | undefined {
  const list = asArray(value).filter((entry) => typeof entry === 'string');
  return list.length > 0 ? list.join('; ') : asString(value);
}

/** The reason of the first fault ends the message, unless the message says it already. */
function joined(message: string | undefined, reason: string | undefined): string | undefined {
  if (reason === undefined || reason === '' || message?.includes(reason) === true) return message;
  // The look behind lets the search begin at the first of many dots only: each other beginning would read all again.
  return message === undefined ? reason : `${message.replace(/(?<![.:\s])[.:\s]+$/, '')}: ${reason}`;
}

const wordOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : undefined;

/** Numbers, and numbers written as text as AIML API's documentation prints them. */
function statusIn(body: JsonObject, error: JsonObject | undefined): number | undefined {
  const candidates = [body['statusCode'], body['status'], error?.['status'], error?.['code']];
  return candidates
    .map((value) => (typeof value === 'number' || typeof value === 'string' ? Number(value) : 0))
    .find((status) => Number.isInteger(status) && status >= 400 && status <= 599);
}

interface Fault {
  readonly path?: string;
  readonly reason?: string;
}

/** Shape B: `error.details[]`, each with path and reason. */
function firstDetail(error: JsonObject | undefined): Fault | undefined {
  const detail = asArray(error?.['details']).find(isObject);
  if (detail === undefined) return undefined;
  const steps = asArray(detail['path']).filter(
    (step) => typeof step === 'string' || typeof step === 'number',
  );
  const path = steps.length > 0 ? steps.join('.') : asString(detail['path']);
  const reason = asString(detail['reason']) ?? asString(detail['message']);
  return { ...(path !== undefined && { path }), ...(reason !== undefined && { reason }) };
}

/** Levels that are looked into; a request that is refused for a deeper field says so at its ancestor. */
const MAX_DEPTH = 20;

/** Shape A: zod's tree in `meta`, in which every level may have `_errors`. */
function firstZodError(node: JsonValue | undefined, path: readonly string[] = []): Fault | undefined {
  if (!isObject(node) || path.length > MAX_DEPTH) return undefined;
  const reason = asArray(node['_errors']).find((error) => typeof error === 'string');
  if (reason !== undefined) return { reason, ...(path.length > 0 && { path: path.join('.') }) };
  for (const [key, child] of Object.entries(node)) {
    const found = firstZodError(child, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
