/** One line of the log that CloudWatch turns into metrics, in the embedded metric format: no call, no client. */

/** CloudWatch's namespace of everything that the gateway tells. */
export const METRIC_NAMESPACE = 'Keeptrusts/Gateway';

export type MetricUnit = 'Count' | 'Milliseconds' | 'None';

/** Metrics that share their dimensions. Every dimension and every metric needs a value among the line's values. */
export interface MetricSet {
  /** Each list makes a series of its own for every metric. */
  readonly dimensions: readonly (readonly string[])[];
  readonly metrics: Readonly<Record<string, MetricUnit>>;
}

export interface MetricLine {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly sets: readonly MetricSet[];
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * Without the line end.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine({ now, sets, values }: MetricLine): string {
  const CloudWatchMetrics = sets.map(({ dimensions, metrics }) => ({
    Namespace: METRIC_NAMESPACE,
    Dimensions: dimensions,
    Metrics: Object.entries(metrics).map(([Name, Unit]) => ({ Name, Unit })),
  }));
  return JSON.stringify({ _aws: { Timestamp: Math.floor(now), CloudWatchMetrics }, ...values });
}
