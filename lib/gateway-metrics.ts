/** The metrics that the functions write into their logs, as alarms and the dashboard ask for them. */
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../lambda/audit/embedded-metrics.ts';

export interface GatewayMetricOptions {
  /** Beside that of the gateway itself. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Default `Sum`. */
  readonly statistic?: string;
  /** Default five minutes. */
  readonly period?: Duration;
  readonly label?: string;
}

/** Makes metrics of one gateway. */
export type GatewayMetric = (name: string, options?: GatewayMetricOptions) => Metric;

/** @param gatewayId The name of the serving stack. */
export function gatewayMetrics(gatewayId: string): GatewayMetric {
  return (metricName, options = {}) => {
    const { dimensions, statistic = Stats.SUM, period = Duration.minutes(5), label } = options;
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { Gateway: gatewayId, ...dimensions },
      statistic,
      period,
      ...(label !== undefined && { label }),
    });
  };
}
