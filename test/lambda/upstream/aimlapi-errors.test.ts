/** Every error an upstream can send becomes one of the error table's. */
import { describe, expect, it } from 'vitest';
import {
  isErrorFrame,
  readErrorFrame,
  readUpstreamProblem,
} from '../../../lambda/upstream/aimlapi-errors.ts';
import { parseObject } from '../../../lambda/wire/json-value.ts';

const read = (status: number, body: string | object, headers: Record<string, string> = {}) =>
  readUpstreamProblem({
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    provider: 'aimlapi',
  });

const shapeA = (statusCode: number | string, message: string, meta?: object) => ({
  requestId: 'up-1',
  statusCode,
  timestamp: '2026-01-01T00:00:00Z',
  path: '/v1/chat/completions',
  message,
  ...(meta !== undefined && { meta }),
});
const shapeC = (status: number, message: string) => ({
  title: 'Title',
  status,
  message,
  instance: '/v1/chat/completions',
  requestId: 'up-1',
  timestamp: '2026-01-01T00:00:00Z',
});
const shapeB = (status: number, message: string, details: readonly object[] = []) => ({
  ...shapeC(status, message),
  error: { name: 'PublicApiException', message, details },
});

const zod = { _errors: [], messages: { '0': { role: { _errors: ['Invalid enum value.'] } } } };
const detail = { path: 'tools', reason: 'Expected array, received null', code: 'invalid_type' };
const vendor = '{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too large"}}';

describe('the caller’s own mistake keeps its status and becomes an error with words, code and field', () => {
  it.each([
    [
      'A with zod’s tree',
      400,
      shapeA(400, 'Body validation error', zod),
      'invalid_request',
      'Body validation error: Invalid enum value.',
      'messages.0.role',
    ],
    [
      'A with its status as text',
      400,
      shapeA('400', 'Invalid input'),
      'invalid_request',
      'Invalid input',
      undefined,
    ],
    [
      'A with an error at zod’s root',
      400,
      shapeA(400, 'Body', { _errors: ['Required'] }),
      'invalid_request',
      'Body: Required',
      undefined,
    ],
    [
      'B with details',
      400,
      shapeB(400, 'Body validation error', [detail]),
      'invalid_request',
      'Body validation error: Expected array, received null',
      'tools',
    ],
    [
      'B with a path of steps',
      400,
      shapeB(400, 'Bad.', [{ path: ['messages', 0], message: 'odd' }]),
      'invalid_request',
      'Bad: odd',
      'messages.0',
    ],
    ['B without details', 422, shapeB(422, 'Not so'), 'invalid_request', 'Not so', undefined],
    ['C', 400, shapeC(400, 'Invalid input'), 'invalid_request', 'Invalid input', undefined],
    [
      'C with a title alone',
      409,
      { title: 'Conflict', status: 409 },
      'invalid_request',
      'Conflict',
      undefined,
    ],
    ['D', 400, '', 'invalid_request', 'aimlapi refused the request (status 400) without a reason', undefined],
    [
      'a page',
      400,
      '<html><head><title>400 Bad Request</title></head><body><h1>400 Bad Request</h1><hr>nginx</body></html>',
      'invalid_request',
      '400 Bad Request nginx',
      undefined,
    ],
    ['a plain text', 415, 'unsupported media', 'invalid_request', 'unsupported media', undefined],
    ['a vendor’s JSON in A', 400, shapeA(400, vendor), 'invalid_request', 'max_tokens: too large', undefined],
    [
      'a vendor’s JSON in B, its status before it',
      400,
      shapeB(400, `400 ${vendor}`),
      'invalid_request',
      'max_tokens: too large',
      undefined,
    ],
    [
      'a vendor’s JSON, unwrapped once only',
      400,
      shapeA(400, JSON.stringify({ message: vendor })),
      'invalid_request',
      vendor,
      undefined,
    ],
    [
      'OpenAI’s own',
      400,
      {
        error: {
          message: 'too long',
          type: 'invalid_request_error',
          code: 'context_length_exceeded',
          param: 'messages',
        },
      },
      'context_length_exceeded',
      'too long',
      'messages',
    ],
    [
      'Anthropic’s own',
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'bad' }, request_id: 'r' },
      'invalid_request',
      'bad',
      undefined,
    ],
    ['an error that is a text', 400, { error: 'bad thing' }, 'invalid_request', 'bad thing', undefined],
    [
      'a list of messages',
      400,
      { message: ['a', 'b'], statusCode: 400 },
      'invalid_request',
      'a; b',
      undefined,
    ],
    [
      'a body too large',
      413,
      shapeC(413, 'Payload too large'),
      'request_too_large',
      'Payload too large',
      undefined,
    ],
    [
      'a withdrawn model',
      404,
      shapeB(404, 'No endpoints found for x'),
      'model_not_found',
      'No endpoints found for x',
      undefined,
    ],
    [
      'a model by code',
      404,
      { error: { message: 'x', code: 'model_not_found' } },
      'model_not_found',
      'x',
      undefined,
    ],
    [
      'an unknown path',
      404,
      shapeB(404, 'Cannot POST /v1/completions'),
      'unknown_route',
      'Cannot POST /v1/completions',
      undefined,
    ],
    [
      'an unknown path, empty',
      404,
      '',
      'unknown_route',
      'aimlapi refused the request (status 404) without a reason',
      undefined,
    ],
  ] as const)('%s', (_, status, body, code, message, param) => {
    const { kind, problem } = read(status, body);
    expect(kind).toBe('http_error');
    expect(problem).toEqual({
      status,
      type: 'invalid_request_error',
      code,
      message,
      ...(param !== undefined && { param }),
    });
  });
});

describe('money, keys, rates and failures are told by code', () => {
  it.each([
    ['funds, A', 403, shapeA(403, "You've run out of funds."), 'out_of_funds', 'upstream_insufficient_funds'],
    [
      'funds, A with its status as text',
      403,
      shapeA('403', 'Out of credits'),
      'out_of_funds',
      'upstream_insufficient_funds',
    ],
    [
      'the plan’s limit, B',
      403,
      shapeB(403, 'You have exhausted the available [plan.rule:api_token] resource limit'),
      'out_of_funds',
      'upstream_insufficient_funds',
    ],
    ['billing, C', 403, shapeC(403, 'Billing is not set up'), 'out_of_funds', 'upstream_insufficient_funds'],
    ['payment required', 402, '', 'out_of_funds', 'upstream_insufficient_funds'],
    [
      'OpenAI’s quota as 429',
      429,
      { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
      'out_of_funds',
      'upstream_insufficient_funds',
    ],
    [
      'Anthropic’s balance as 400',
      400,
      { error: { message: 'Your credit balance is too low' } },
      'out_of_funds',
      'upstream_insufficient_funds',
    ],
    ['no key', 401, shapeB(401, 'requires a valid API key'), 'auth_failed', 'upstream_auth_failed'],
    ['401 without a body', 401, '', 'auth_failed', 'upstream_auth_failed'],
    ['key scope', 403, shapeA(403, 'The key has no permission'), 'auth_failed', 'upstream_auth_failed'],
    ['verification', 403, shapeB(403, 'Please verify your account'), 'auth_failed', 'upstream_auth_failed'],
    ['403 without a body', 403, '', 'auth_failed', 'upstream_auth_failed'],
    ['too many', 429, shapeB(429, 'Too Many Requests'), 'rate_limited', 'upstream_rate_limited'],
    ['too many, no body', 429, '', 'rate_limited', 'upstream_rate_limited'],
    [
      'concurrency under 400',
      400,
      shapeA(400, 'Too many concurrent requests'),
      'rate_limited',
      'upstream_rate_limited',
    ],
    [
      'rate limit under 403',
      403,
      shapeC(403, 'Rate limit reached for this key'),
      'rate_limited',
      'upstream_rate_limited',
    ],
    ['500', 500, shapeA(500, 'Internal server error'), 'http_error', 'upstream_error'],
    ['a vendor’s 400 as 500', 500, shapeA(500, '400 Unable to access model'), 'http_error', 'upstream_error'],
    ['502 with a page', 502, '<html><body>Bad Gateway</body></html>', 'http_error', 'upstream_error'],
    ['503 maintenance', 503, shapeB(503, 'The model is under maintenance'), 'http_error', 'upstream_error'],
    ['504', 504, '', 'http_error', 'upstream_error'],
    ['408', 408, '', 'http_error', 'upstream_error'],
    ['a redirect', 302, '', 'http_error', 'upstream_error'],
  ] as const)('%s', (_, status, body, kind, code) => {
    const refusal = read(status, body);
    expect(refusal).toMatchObject({ kind, status, problem: { code } });
    const isOurs = code !== 'upstream_rate_limited';
    expect(refusal.problem.status).toBe(isOurs ? 502 : 429);
    expect(refusal.problem.type).toBe(isOurs ? 'upstream_error' : 'rate_limit');
    expect(refusal.problem.isFinal ?? false).toBe(kind === 'out_of_funds' || kind === 'auth_failed');
    expect(refusal.problem.message).not.toBe('');
  });

  it('but words about money or rates in a message about a field are the caller’s own', () => {
    const body = shapeB(400, 'Invalid input', [
      { path: 'messages.0', reason: 'rate limit, credit balance is too low' },
    ]);
    expect(read(400, body)).toMatchObject({ kind: 'http_error', problem: { code: 'invalid_request' } });
  });
});

describe('upstream’s request id', () => {
  it.each([
    ['of the body', shapeA(500, 'x'), {}, 'up-1'],
    ['of the body before the header’s', shapeB(500, 'x'), { 'x-request-id': 'h' }, 'up-1'],
    ['of the header', '', { 'x-request-id': 'h' }, 'h'],
    ['of Anthropic', { type: 'error', error: { message: 'x' }, request_id: 'r' }, {}, 'r'],
    ['absent', '', {}, undefined],
  ] as const)('%s', (_, body, headers, id) => {
    expect(read(500, body, headers).upstreamRequestId).toBe(id);
  });
});

describe('an error inside a stream', () => {
  it.each([
    ['A', shapeA(500, 'broke'), 500, 'upstream_error'],
    ['A with its status as text', shapeA('403', 'out of funds'), 403, 'upstream_insufficient_funds'],
    ['B', shapeB(429, 'slow down'), 429, 'upstream_rate_limited'],
    ['C', shapeC(401, 'no'), 401, 'upstream_auth_failed'],
    ['OpenAI’s', { error: { message: 'Provider returned error', code: 502 } }, 502, 'upstream_error'],
    ['OpenAI’s without a status', { error: { message: 'x' } }, 502, 'upstream_error'],
    [
      'OpenRouter’s, beside choices',
      { choices: [], error: { message: 'x', code: 429 } },
      429,
      'upstream_rate_limited',
    ],
    ['a text', { error: 'x' }, 502, 'upstream_error'],
    ['Responses’', { type: 'error', code: 'server_error', message: 'x', param: null }, 502, 'upstream_error'],
    [
      'Anthropic’s overload',
      { type: 'error', error: { type: 'overloaded_error', message: 'x' } },
      529,
      'upstream_error',
    ],
    [
      'Anthropic’s rate',
      { type: 'error', error: { type: 'rate_limit_error', message: 'x' } },
      429,
      'upstream_rate_limited',
    ],
  ] as const)('%s', (_, frame, status, code) => {
    const data = parseObject(JSON.stringify(frame)) ?? {};
    expect(isErrorFrame(data)).toBe(true);
    expect(readErrorFrame(data)).toMatchObject({ status, problem: { code } });
  });

  it.each([
    ['a chunk', { id: 'c', object: 'chat.completion.chunk', choices: [{ delta: { content: 'error' } }] }],
    ['a usage chunk', { choices: [], usage: {} }],
    ['a cost frame', { meta: { usage: { credits_used: 1 } } }],
    ['a chunk with error null', { choices: [], error: null }],
    ['a Responses object that failed', { object: 'response', status: 'failed', error: { message: 'x' } }],
    ['a Responses event', { type: 'response.created', response: { status: 'in_progress' } }],
    ['a Messages event', { type: 'message_stop' }],
    ['a reply that has a status word', { status: 'ok', message: 'fine' }],
  ])('is not %s', (_, frame) => {
    expect(isErrorFrame(parseObject(JSON.stringify(frame)) ?? {})).toBe(false);
  });
});
