/** What crosses from the caller to a target, and what does not. */
import { describe, expect, it } from 'vitest';
import { targetHeaders, targetUrl, unsupportedReason } from '../../../lambda/upstream/target-request.ts';

const headersFor = (callerHeaders: Record<string, string>, requestId = 'req_1', stream = false) =>
  targetHeaders({ secret: 'upstream-key', callerHeaders, requestId, stream });

describe('targetUrl', () => {
  it('appends the path to the base address', () => {
    expect(targetUrl({ baseUrl: 'https://x.example/openai/v1' }, '/chat/completions')).toBe(
      'https://x.example/openai/v1/chat/completions',
    );
  });
});

describe('targetHeaders', () => {
  it('are the gateway’s own', () => {
    expect(headersFor({})).toEqual({
      authorization: 'Bearer upstream-key',
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'keeptrusts-gateway',
      'x-client-request-id': 'req_1',
    });
  });

  it('ask for events when the answer is streamed', () => {
    expect(headersFor({}, 'req_1', true)['accept']).toBe('text/event-stream');
  });

  it('forgive a secret that was pasted with a line break', () => {
    const headers = targetHeaders({ secret: 'k\n', callerHeaders: {}, requestId: 'r', stream: false });
    expect(headers['authorization']).toBe('Bearer k');
  });

  it.each(['', 'has space', 'ü', 'x'.repeat(129)])(
    'leave out a request id that upstream would drop: %j',
    (id) => {
      expect(headersFor({}, id)).not.toHaveProperty('x-client-request-id');
    },
  );

  it.each([
    'traceparent',
    'tracestate',
    'anthropic-version',
    'anthropic-beta',
    'openai-beta',
    'http-referer',
    'x-title',
    'x-aimlapi-partner-id',
    'x-aimlapi-source',
  ])('pass %s on', (name) => {
    expect(headersFor({ [name]: 'value' })[name]).toBe('value');
    expect(headersFor({ [name]: '' })).not.toHaveProperty(name);
  });

  it.each([
    'authorization',
    'x-api-key',
    'cookie',
    'host',
    'content-length',
    'accept-encoding',
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'proxy-authorization',
    'x-user-id',
    'x-team-id',
    'x-forwarded-for',
    'x-keeptrusts-agent-id',
    'anything-else',
  ])('never pass the caller’s %s', (name) => {
    expect(Object.values(headersFor({ [name]: 'callers-own' }))).not.toContain('callers-own');
  });
});

describe('unsupportedReason', () => {
  it.each([
    ['aimlapi', 'completions', 'gpt-4o', {}, /\/v1\/chat\/completions/],
    ['aimlapi', 'embeddings', 'm', { input: [1, 2] }, /token ids/],
    ['aimlapi', 'embeddings', 'm', { input: [[1, 2], [3]] }, /token ids/],
    ['aimlapi', 'messages', 'gpt-4o', {}, /Claude/],
  ] as const)('is given for %s, %s, %s, %j', (provider, route, model, body, reason) => {
    expect(unsupportedReason(route, provider, model, body)).toMatch(reason);
  });

  it.each([
    ['aimlapi', 'chat', 'gpt-4o', {}],
    ['aimlapi', 'responses', 'gpt-4o', {}],
    ['openai', 'completions', 'gpt-4o', {}],
    ['aimlapi', 'embeddings', 'm', { input: 'text' }],
    ['aimlapi', 'embeddings', 'm', { input: ['a', 'b'] }],
    ['openai', 'embeddings', 'm', { input: [1, 2] }],
    ['aimlapi', 'messages', 'claude-sonnet-4-6', {}],
    ['aimlapi', 'messages', 'anthropic/claude-sonnet-4.6', {}],
    ['anthropic', 'messages', 'other', {}],
  ] as const)('is none for %s, %s, %s, %j', (provider, route, model, body) => {
    expect(unsupportedReason(route, provider, model, body)).toBeUndefined();
  });
});
