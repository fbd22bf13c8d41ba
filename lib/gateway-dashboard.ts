/** The dashboard: how requests end, how long they take, what they cost, and whether evidence arrives. */
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { EventVerdict } from '../lambda/audit/decision-event.ts';
import type { GatewayMetric } from './gateway-metrics.ts';
import type { Watched } from './gateway-alarms.ts';

export interface GatewayDashboardProps {
  readonly metric: GatewayMetric;
  readonly watched: Watched;
  readonly alarms: readonly Alarm[];
  readonly targetIds: readonly string[];
  readonly policies: readonly string[];
}

const VERDICTS = ['allow', 'redact', 'block', 'escalate', 'error'] as const satisfies readonly EventVerdict[];
const PERCENTILES = [50, 95, 99];
const HALF = { width: 12, height: 6 } as const;

export class GatewayDashboard extends Construct {
  constructor(scope: Construct, id: string, props: GatewayDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 3 }),
    );
    const graphs = Object.entries({ ...requestGraphs(props), ...targetGraphs(props), ...auditGraphs(props) });
    const widgets = graphs.map(([title, left]) => new GraphWidget({ title, left: [...left], ...HALF }));
    for (let at = 0; at < widgets.length; at += 2) dashboard.addWidgets(...widgets.slice(at, at + 2));
  }
}

type Graphs = Readonly<Record<string, readonly IMetric[]>>;

function requestGraphs({ metric, policies, watched }: GatewayDashboardProps): Graphs {
  const percentiles = (name: string): readonly IMetric[] =>
    PERCENTILES.map((each) => metric(name, { statistic: Stats.percentile(each), label: `p${each}` }));
  return {
    'Requests by verdict': VERDICTS.map((Verdict) =>
      metric('Requests', { dimensions: { Verdict }, label: Verdict }),
    ),
    'Stopped, by policy': policies.map((Policy) =>
      metric('Stops', { dimensions: { Policy }, label: Policy }),
    ),
    'Latency, ms': percentiles('Latency'),
    'Time to first token, ms': percentiles('TimeToFirstToken'),
    'Added by the gateway, ms': percentiles('GatewayLatency'),
    'Failures and throttles': [watched.serverErrors, watched.throttles, metric('Degraded')],
  };
}

function targetGraphs({ metric, targetIds }: GatewayDashboardProps): Graphs {
  const byTarget = (name: string, suffix: string, statistic: string): readonly IMetric[] =>
    targetIds.map((Target) =>
      metric(name, { dimensions: { Target }, statistic, label: `${Target}${suffix}` }),
    );
  return {
    'Tokens by target': [
      ...byTarget('InputTokens', ' in', Stats.SUM),
      ...byTarget('OutputTokens', ' out', Stats.SUM),
    ],
    'Cost by target, USD': byTarget('CostUsd', '', Stats.SUM),
    'Circuits: 1 is open': byTarget('CircuitOpen', '', Stats.MAXIMUM),
    'Latency by target, p95, ms': byTarget('Latency', '', Stats.p(95)),
  };
}

function auditGraphs({ metric, watched }: GatewayDashboardProps): Graphs {
  const { sealing } = watched;
  return {
    'Evidence: events that no store took': [watched.auditFallbacks],
    'Evidence: age in Firehose, s': [watched.deliveryAge],
    ...(sealing && {
      'Evidence: objects sealed': [metric('SealedObjects'), sealing.unsealed],
      'Evidence: sealing that failed': [sealing.deadLetters],
    }),
  };
}

/** How old what Firehose has not yet delivered is, in seconds. */
export function deliveryAge(streamName: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName: 'DeliveryToS3.DataFreshness',
    dimensionsMap: { DeliveryStreamName: streamName },
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
  });
}
