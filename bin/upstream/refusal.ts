/** AIML API's error answers: four shapes for whatever there is to say. */

/** The shapes of its error bodies; D is no body, HTML a page of whatever stands before the service. */
export type Shape = 'A' | 'B' | 'C' | 'D' | 'HTML';

interface Subject {
  readonly message: string;
  readonly name: string;
  readonly path?: string;
  readonly reason?: string;
}

const SUBJECTS = {
  validation: {
    message: 'Body validation error',
    name: 'PublicApiValidationException',
    path: 'messages.0.role',
    reason: "Invalid enum value. Expected 'user' | 'assistant', received 'owner'",
  },
  nulls: {
    message: 'Invalid input',
    name: 'PublicApiValidationException',
    path: 'tools',
    reason: 'Expected array, received null',
  },
  'stream-options': {
    message: 'Body validation error',
    name: 'PublicApiValidationException',
    path: 'stream_options',
    reason: 'Unrecognized key(s) in object',
  },
  'token-array': {
    message: 'Body validation error',
    name: 'PublicApiValidationException',
    path: 'input',
    reason: 'Expected string, received number',
  },
  vendor: {
    message:
      '{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 900000 > 64000"}}',
    name: 'PublicApiException',
  },
  key: { message: 'This endpoint requires a valid API key.', name: 'UnauthorizedException' },
  'no-key': { message: 'You provided an empty string as API key.', name: 'UnauthorizedException' },
  funds: { message: "You've run out of funds. Top up your balance.", name: 'ForbiddenException' },
  plan: {
    message: 'You have exhausted the available [plan.rule:api_token] resource limit.',
    name: 'ForbiddenException',
  },
  scope: { message: 'The key has no permission for this model.', name: 'ForbiddenException' },
  route: { message: 'Cannot POST to this path', name: 'NotFoundException' },
  model: { message: 'No endpoints found for this model', name: 'NotFoundException' },
  claude: { message: 'This model is not available on this endpoint', name: 'PublicApiException' },
  rate: { message: 'Too Many Requests', name: 'ThrottlerException' },
  concurrent: { message: 'Too many concurrent requests for this key', name: 'PublicApiException' },
  maintenance: { message: 'The model is under maintenance', name: 'ServiceUnavailableException' },
  server: { message: 'Internal server error', name: 'InternalServerErrorException' },
  fault: { message: 'There is no such fault', name: 'NoSuchFault' },
} as const satisfies Readonly<Record<string, Subject>>;

/** What a refusal is about. */
export type Topic = keyof typeof SUBJECTS;

/** Tells topics from other words. */
export const isTopic = (word: string): word is Topic => Object.hasOwn(SUBJECTS, word);

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The error answer in one of the shapes. */
export function refusal(
  shape: Shape,
  status: number,
  topic: Topic,
  place: { readonly path: string; readonly requestId: string; readonly retryAfter?: string },
): Refusal {
  const retry = place.retryAfter === undefined ? {} : { 'retry-after': place.retryAfter };
  if (shape === 'D') return { status, headers: retry, body: '' };
  if (shape === 'HTML') {
    const body = `<html><head><title>${status}</title></head>\n<body><center><h1>${status} Bad Gateway</h1></center><hr>nginx</body></html>\n`;
    return { status, headers: { ...retry, 'content-type': 'text/html; charset=utf-8' }, body };
  }
  const type = shape === 'A' ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8';
  const body = JSON.stringify(refusalObject(shape, status, topic, place));
  return { status, headers: { ...retry, 'content-type': type }, body };
}

/** The error object of shape A, B or C, as a body or as a frame of a stream. */
export function refusalObject(
  shape: 'A' | 'B' | 'C',
  status: number,
  topic: Topic,
  place: { readonly path: string; readonly requestId: string },
): object {
  const { requestId, path } = place;
  const subject: Subject = SUBJECTS[topic];
  const timestamp = new Date().toISOString();
  if (shape === 'A') {
    const meta =
      subject.path === undefined ? {} : { meta: zodTree(subject.path.split('.'), subject.reason ?? '') };
    return { requestId, statusCode: status, timestamp, path, message: subject.message, ...meta };
  }
  const title = TITLES[status] ?? 'Error';
  const shared = { title, status, message: subject.message, instance: path, requestId, timestamp };
  if (shape === 'C') return shared;
  const details =
    subject.path === undefined ? [] : [{ path: subject.path, reason: subject.reason, code: 'invalid_type' }];
  return { ...shared, error: { name: subject.name, message: subject.message, details } };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** zod's formatted error: the path as nested objects, each with its own list of errors. */
function zodTree([key, ...rest]: readonly string[], reason: string): object {
  return key === undefined ? { _errors: [reason] } : { _errors: [], [key]: zodTree(rest, reason) };
}
