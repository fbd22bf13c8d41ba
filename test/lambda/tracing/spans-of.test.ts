/** What the spans of a request say, given its event and the times of its calls. */
import { describe, expect, it } from 'vitest';
import type { Target } from '../../../lambda/config/gateway-config.ts';
import { spansOf } from '../../../lambda/tracing/spans-of.ts';
import {
  stampHeaders,
  type CallTrace,
  type RequestTrace,
  type TracedRequest,
} from '../../../lambda/tracing/tracing.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';
import { aConfig, targetsAt } from '../../support/a-gateway.ts';

const CONFIG = aConfig(`${targetsAt('https://api.example.com/v1')}policies: {chain: [audit-logger]}\n`);
const [TARGET] = CONFIG.targets;

function aTarget(changes: Partial<Target> = {}): Target {
  if (TARGET === undefined) throw new Error('the configuration has no target');
  return { ...TARGET, ...changes };
}

const aCall = (changes: Partial<CallTrace> = {}): CallTrace => ({
  spanId: 'c'.repeat(16),
  target: aTarget(),
  began: 503,
  ended: 550,
  status: 200,
  error: null,
  ...changes,
});

/** Started at 500 on the clock that never jumps, ended at 560. */
function aRequest(changes: Partial<TracedRequest> = {}, trace: Partial<RequestTrace> = {}): TracedRequest {
  return {
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true, calls: [aCall()], ...trace },
    event: aDecisionEvent(),
    route: 'chat',
    startedAt: 1_000_000,
    started: 500,
    ended: 560,
    status: 200,
    error: null,
    isFailure: false,
    ...changes,
  };
}

const spans = (request: TracedRequest) => spansOf(request, 'https');

describe('the times of spans', () => {
  it('are those of the clock that never jumps, on the day of the start', () => {
    expect(spans(aRequest()).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [1_000_000, 1_000_060],
      [1_000_003, 1_000_050],
    ]);
  });

  it('of a call that was never ended go to the end of the request', () => {
    const { ended: _, ...call } = aCall();
    expect(spans(aRequest({}, { calls: [call] }))[1]?.endMs).toBe(1_000_060);
  });

  it.each([
    ['input', 'before the first call', 1_000_003],
    ['output', 'by the end', 1_000_060],
  ] as const)('of what a policy said on the %s are %s', (phase, _when, atMs) => {
    const policy_results = [
      {
        kind: 'pii-detector',
        phase,
        mode: 'enforce',
        verdict: 'redact',
        reason_code: 'pii.redacted',
        score: 0.5,
        latency_ms: 1,
        entities: { EMAIL: 2, SSN: 1 },
      },
    ] as const;
    const [request] = spans(aRequest({ event: aDecisionEvent({ policy_results }) }));
    expect(request?.events).toEqual([
      {
        name: 'keeptrusts.policy',
        atMs,
        attributes: {
          'keeptrusts.policy.kind': 'pii-detector',
          'keeptrusts.policy.phase': phase,
          'keeptrusts.policy.mode': 'enforce',
          'keeptrusts.policy.verdict': 'redact',
          'keeptrusts.policy.reason_code': 'pii.redacted',
          'keeptrusts.policy.score': 0.5,
          'keeptrusts.policy.latency_ms': 1,
          'keeptrusts.policy.entities': ['EMAIL=2', 'SSN=1'],
        },
      },
    ]);
  });
});

describe('the span of a call', () => {
  const callOf = (request: TracedRequest) => spans(request).at(-1);

  it.each([
    ['https://api.example.com/v1', 'api.example.com', 443],
    ['http://localhost/v1', 'localhost', 80],
    ['http://[::1]:8080/v1', '[::1]', 8080],
  ])('names of %s the host and the port alone', (baseUrl, address, port) => {
    const span = callOf(aRequest({}, { calls: [aCall({ target: aTarget({ baseUrl }) })] }));
    expect(span?.attributes).toMatchObject({ 'server.address': address, 'server.port': port });
  });

  it.each([
    ['aimlapi', 'aimlapi'],
    ['openai', 'openai'],
    ['mistral', 'mistral_ai'],
    ['azure', 'azure.ai.openai'],
  ])('names the provider %s as the convention does: %s', (provider, name) => {
    const span = callOf(aRequest({}, { calls: [aCall({ target: aTarget({ provider }) })] }));
    expect(span?.attributes['gen_ai.provider.name']).toBe(name);
  });

  it('asks for the model of the caller where the target has none, as the event may say it', () => {
    const { model: _, ...target } = aTarget();
    const request = aRequest(
      { event: aDecisionEvent({ requested_model: 'hmac:0123' }) },
      { calls: [aCall({ target })] },
    );
    expect(callOf(request)?.name).toBe('chat hmac:0123');
    const nameless = aRequest(
      { event: aDecisionEvent({ requested_model: null }) },
      { calls: [aCall({ target })] },
    );
    expect(callOf(nameless)?.name).toBe('chat');
  });

  it('has tokens, cost and time to the first content where there are any', () => {
    const event = aDecisionEvent({
      stream: true,
      ttft_ms: 23,
      cached_tokens: 4,
      reasoning_tokens: 5,
      cost_source: 'provider',
      cost_usd: 0.25,
      upstream_request_id: 'r',
    });
    expect(callOf(aRequest({ event }))?.attributes).toMatchObject({
      // From the start of the call, 3 ms after that of the request.
      'gen_ai.response.time_to_first_chunk': 0.02,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'keeptrusts.cost.usd': 0.25,
      'keeptrusts.upstream.request_id': 'r',
    });
  });

  it.each([
    ['was refused', aCall({ status: 500, error: 'upstream_error' })],
    ['had no answer', aCall({ status: null, error: 'upstream_timeout' })],
  ])('that %s says nothing of an answer', (_case, call) => {
    const names = Object.keys(callOf(aRequest({}, { calls: [call] }))?.attributes ?? {});
    expect(names.filter((name) => /^gen_ai\.(usage|response)/.test(name))).toEqual([]);
  });
});

describe('spans', () => {
  it('hold no name, no id and no text of a person', () => {
    const event = aDecisionEvent({
      user_id: 'PERSON-user',
      team_id: 'PERSON-team',
      org_id: 'PERSON-org',
      conversation_id: 'PERSON-conversation',
      agent_id: 'PERSON-agent',
      request_id: 'PERSON-request',
      prompt_hash: 'PERSON-hash',
      output_hash: 'PERSON-hash',
      target_description: 'PERSON-description',
    });
    expect(JSON.stringify(spans(aRequest({ event })))).not.toContain('PERSON');
  });

  it('leave out what is not known, rather than to be empty', () => {
    for (const { attributes } of spans(aRequest())) {
      expect(
        Object.values(attributes).filter((value) => value === null || value === undefined || value === ''),
      ).toEqual([]);
    }
  });
});

describe('the headers that go upstream', () => {
  const headers = () => ({ traceparent: 'old', tracestate: 'a=b', accept: 'x' });

  it.each([
    [
      'with a parent',
      { parentSpanId: 'd'.repeat(16), isSampled: true },
      { traceparent: `00-${'a'.repeat(32)}-${'c'.repeat(16)}-01`, tracestate: 'a=b', accept: 'x' },
    ],
    [
      'without one',
      { isSampled: false },
      { traceparent: `00-${'a'.repeat(32)}-${'c'.repeat(16)}-00`, accept: 'x' },
    ],
  ])('name the call %s', (_case, trace, expected) => {
    const sent = headers();
    stampHeaders(sent, aRequest({}, trace).trace, aCall());
    expect(sent).toEqual(expected);
  });
});
