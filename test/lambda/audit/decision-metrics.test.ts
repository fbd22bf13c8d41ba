import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DecisionEvent } from '../../../lambda/audit/decision-event.ts';
import { decisionMetrics, metricLines } from '../../../lambda/audit/decision-metrics.ts';
import type { CircuitView, CircuitViews } from '../../../lambda/routing/availability.ts';
import { CLOSED } from '../../../lambda/routing/circuit.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';

const schema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.literal('Keeptrusts/Gateway'),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});
const read = (line: string) => schema.parse(JSON.parse(line));
const lineOf = (fields: Partial<DecisionEvent> = {}, open = 0) =>
  read(decisionMetrics(aDecisionEvent(fields), 'gateway', open));

/** Every series of a line: its dimensions with their values, and the metric's name. */
const seriesOf = (line: ReturnType<typeof read>): readonly string[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => [...names.map((name) => String(line[name])), Name].join(' ')),
    ),
  );

describe('the line of a request', () => {
  it('counts it as a whole, by verdict and by target', () => {
    expect(seriesOf(lineOf()).filter((series) => series.endsWith('Requests'))).toEqual([
      'gateway Requests',
      'gateway allow Requests',
      'gateway primary Requests',
    ]);
  });

  it.each([
    ['its time', { latency_total_ms: 12.5 }, { Latency: 12.5 }],
    ['the share of the gateway', { latency_gateway_ms: 0.75 }, { GatewayLatency: 0.75 }],
    ['its tokens', { input_tokens: 7, output_tokens: 9 }, { InputTokens: 7, OutputTokens: 9 }],
    ['its cost', { cost_usd: 0.125 }, { CostUsd: 0.125 }],
    ['a failure of the server', { http_status: 503 }, { ServerErrors: 1 }],
    ['no failure for a refusal', { http_status: 409 }, { ServerErrors: 0 }],
    ['that it was degraded', { degraded: true }, { Degraded: 1 }],
  ])('has %s', (_case, fields, values) => {
    expect(lineOf(fields)).toMatchObject(values);
  });

  it('has the time of the event in milliseconds', () => {
    expect(lineOf({ timestamp: '2026-11-01T10:11:12.123456Z' })._aws.Timestamp).toBe(
      Date.UTC(2026, 10, 1, 10, 11, 12, 123),
    );
  });

  it('has a time to the first token only when there was one', () => {
    const has = (ttft_ms: number | null) =>
      seriesOf(lineOf({ ttft_ms })).includes('gateway primary TimeToFirstToken');
    expect([has(null), has(80)]).toEqual([false, true]);
  });

  it.each([
    ['block', 'prompt-injection', ['gateway prompt-injection Stops']],
    ['escalate', 'safety-filter', ['gateway safety-filter Stops']],
    ['redact', 'pii-detector', []],
    ['error', null, []],
  ] as const)('of verdict %s by %s counts as stopped: %j', (verdict, policy_name, series) => {
    const line = lineOf({ verdict, policy_name });
    expect(seriesOf(line).filter((each) => each.endsWith('Stops'))).toEqual(series);
  });

  it('names no target when none was called', () => {
    expect(seriesOf(lineOf({ target_id: null })).some((series) => series.includes('none'))).toBe(false);
  });

  it('has a value for every metric and dimension that it declares', () => {
    const line = lineOf({ ttft_ms: 5, verdict: 'block', policy_name: 'pii-detector' });
    const declared = line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) => [
      ...Dimensions.flat(),
      ...Metrics.map(({ Name }) => Name),
    ]);
    expect(declared.filter((name) => !(name in line))).toEqual([]);
  });

  it('has nothing that the caller chose', () => {
    const caller = {
      request_id: 'CALLER',
      conversation_id: 'CALLER',
      user_id: 'CALLER',
      agent_id: 'CALLER',
      requested_model: 'CALLER',
      model: 'CALLER',
      route: 'CALLER',
      finish_reason: 'CALLER',
    };
    expect(JSON.stringify(lineOf(caller))).not.toContain('CALLER');
  });
});

describe('the circuits', () => {
  const open: CircuitView = {
    circuit: { state: 'open', epoch: 1, opening: 1, openedAt: 1, openUntil: 9, trips: 1 },
  };
  const told = (views: readonly CircuitViews[]): readonly string[] => {
    const lines: string[] = [];
    let now: CircuitViews = new Map();
    const onDecision = metricLines({
      gatewayId: 'g',
      circuits: () => now,
      writeLine: (line) => lines.push(line),
    });
    for (const each of views) {
      now = each;
      onDecision(aDecisionEvent());
    }
    return lines
      .map((line) => read(line))
      .filter((line) => 'CircuitOpen' in line)
      .map((line) => `${String(line['Target'])} ${String(line['CircuitOpen'])}`);
  };

  it('are told when they change, once', () => {
    const closed = new Map([['first', { circuit: CLOSED }]]);
    const one = new Map([['first', open]]);
    const two = new Map([...one, ['second', open]] as const);
    expect(told([closed, one, one, two, closed])).toEqual(['first 1', 'second 1', 'first 0', 'second 0']);
  });

  it('are counted in each line while they are open', () => {
    expect(lineOf({}, 2)).toMatchObject({ OpenCircuits: 2 });
  });
});
