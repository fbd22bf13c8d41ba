/** What is watched of the gateway: metrics out of its logs, alarms, and a dashboard. */
import { Duration, Stack } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../lambda/audit/embedded-metrics.ts';
import { AUDIT_FALLBACK } from '../lambda/audit/sink.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { GatewayAlarms, type Watched } from './gateway-alarms.ts';
import { deliveryAge, GatewayDashboard } from './gateway-dashboard.ts';
import { type GatewayMetric, gatewayMetrics } from './gateway-metrics.ts';

export interface ObservabilityProps {
  readonly function: Function;
  readonly audit: AuditTrail;
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

export class Observability extends Construct {
  readonly alarms: GatewayAlarms;
  readonly dashboard: GatewayDashboard;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { config, settings } = props;
    const metric = gatewayMetrics(Stack.of(this).stackName);
    const watched = this.#watched(props, metric);
    const { alarmTopicArn: topicArn } = settings;
    this.alarms = new GatewayAlarms(this, 'Alarms', { watched, ...(topicArn && { topicArn }) });
    this.dashboard = new GatewayDashboard(this, 'Board', {
      metric,
      watched,
      alarms: this.alarms.alarms,
      targetIds: config.targets.map((target) => target.id),
      policies: [...new Set(config.chain.map(({ kind }) => kind))],
    });
  }

  #watched({ function: fn, audit, config }: ObservabilityProps, metric: GatewayMetric): Watched {
    const { seal, checkpoints } = audit;
    const visible = ({ deadLetters }: { readonly deadLetters: Queue }): Metric =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM });
    return {
      auditFallbacks: this.#auditFallbacks(fn),
      deliveryAge: deliveryAge(audit.streamName),
      requests: metric('Requests'),
      serverErrors: metric('ServerErrors'),
      openCircuits: metric('OpenCircuits', { statistic: Stats.MAXIMUM }),
      throttles: fn.metricThrottles(),
      ...(seal && {
        sealing: {
          deadLetters: visible(seal),
          unsealed: metric('UnsealedObjects', { period: Duration.hours(1) }),
        },
      }),
      ...(checkpoints && { checkpointDeadLetters: visible(checkpoints) }),
      ...(config.audit.captureRedactor && { captureFailures: metric('CaptureFailures') }),
    };
  }

  /** From the log itself, because what is to be counted is that nothing else could be written. */
  #auditFallbacks(fn: Function): Metric {
    const filter = new MetricFilter(this, 'AuditFallbacks', {
      logGroup: fn.logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', AUDIT_FALLBACK),
      // A filter can't say whose events it counts, but its namespace can.
      metricNamespace: `${METRIC_NAMESPACE}/${Stack.of(this).stackName}`,
      metricName: 'AuditFallbacks',
      metricValue: '1',
    });
    return filter.metric({ statistic: Stats.SUM, period: Duration.minutes(5) });
  }
}
