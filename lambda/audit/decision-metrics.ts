/** What CloudWatch learns of each request: one line, whose dimensions only the configuration can make longer. */
import type { CircuitViews } from '../routing/availability.ts';
import type { DecisionEvent } from './decision-event.ts';
import { metricLine, type MetricSet } from './embedded-metrics.ts';

export interface MetricLinesOptions {
  readonly gatewayId: string;
  readonly circuits: () => CircuitViews;
  /** Takes one line, without its end. */
  readonly writeLine: (line: string) => void;
}

/** Gives what is to be told of each decision; it also tells when a circuit is found in another state than before. */
export function metricLines(options: MetricLinesOptions): (event: DecisionEvent) => void {
  const { gatewayId, circuits, writeLine } = options;
  let known: ReadonlySet<string> = new Set();
  return (event) => {
    const open = openCircuits(circuits());
    const now = Date.parse(event.timestamp);
    writeLine(decisionMetrics(event, gatewayId, open.size));
    for (const targetId of new Set([...known, ...open])) {
      const isOpen = open.has(targetId);
      if (isOpen !== known.has(targetId)) writeLine(circuitMetric(gatewayId, targetId, isOpen, now));
    }
    known = open;
  };
}

function openCircuits(views: CircuitViews): ReadonlySet<string> {
  const open = [...views].filter(([, { circuit }]) => circuit.state !== 'closed');
  return new Set(open.map(([targetId]) => targetId));
}

/** No word of it comes from the caller: a value that anybody can choose would make a metric of each. */
export function decisionMetrics(event: DecisionEvent, gatewayId: string, openCount: number): string {
  const isStopped = event.verdict === 'block' || event.verdict === 'escalate';
  const hasFirstToken = event.ttft_ms !== null;
  return metricLine({
    now: Date.parse(event.timestamp),
    sets: [
      { dimensions: [['Gateway']], metrics: { ...WHOLE, ...(hasFirstToken && FIRST_TOKEN) } },
      { dimensions: [['Gateway', 'Verdict']], metrics: { Requests: 'Count' } },
      ...(event.target_id === null ? [] : [ofTarget(hasFirstToken)]),
      ...(isStopped && event.policy_name !== null ? [STOPS] : []),
    ],
    values: {
      Gateway: gatewayId,
      Verdict: event.verdict,
      Target: event.target_id ?? 'none',
      Policy: event.policy_name ?? 'none',
      event_id: event.event_id,
      Requests: 1,
      Stops: 1,
      ServerErrors: event.http_status >= 500 ? 1 : 0,
      Degraded: event.degraded ? 1 : 0,
      OpenCircuits: openCount,
      Latency: event.latency_total_ms,
      GatewayLatency: event.latency_gateway_ms,
      TimeToFirstToken: event.ttft_ms ?? 0,
      InputTokens: event.input_tokens,
      OutputTokens: event.output_tokens,
      CostUsd: event.cost_usd,
    },
  });
}

const FIRST_TOKEN = { TimeToFirstToken: 'Milliseconds' } as const;

const WHOLE = {
  Requests: 'Count',
  ServerErrors: 'Count',
  Degraded: 'Count',
  OpenCircuits: 'Count',
  Latency: 'Milliseconds',
  GatewayLatency: 'Milliseconds',
} as const;

const STOPS: MetricSet = { dimensions: [['Gateway', 'Policy']], metrics: { Stops: 'Count' } };

function ofTarget(hasFirstToken: boolean): MetricSet {
  return {
    dimensions: [['Gateway', 'Target']],
    metrics: {
      Requests: 'Count',
      ServerErrors: 'Count',
      Latency: 'Milliseconds',
      InputTokens: 'Count',
      OutputTokens: 'Count',
      CostUsd: 'None',
      ...(hasFirstToken && FIRST_TOKEN),
    },
  };
}

function circuitMetric(gatewayId: string, targetId: string, isOpen: boolean, now: number): string {
  const sets: readonly MetricSet[] = [
    { dimensions: [['Gateway', 'Target']], metrics: { CircuitOpen: 'Count' } },
  ];
  return metricLine({
    now,
    sets,
    values: { Gateway: gatewayId, Target: targetId, CircuitOpen: isOpen ? 1 : 0 },
  });
}
