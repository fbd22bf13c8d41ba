/** The alarms: what each watches, from when on it rings, and where the manual says what to do. */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { RUNBOOKS, type Runbook } from './runbooks.ts';

/** What there is to watch. */
export interface Watched {
  /** Events that no store took. */
  readonly auditFallbacks: IMetric;
  /** Seconds. */
  readonly deliveryAge: IMetric;
  readonly requests: IMetric;
  readonly serverErrors: IMetric;
  readonly openCircuits: IMetric;
  readonly throttles: IMetric;
  /** Only where evidence is sealed. */
  readonly sealing?: { readonly deadLetters: IMetric; readonly unsealed: IMetric };
  /** Only where checkpoints are signed. */
  readonly checkpointDeadLetters?: IMetric;
  /** Only where texts are captured. */
  readonly captureFailures?: IMetric;
}

export interface GatewayAlarmsProps {
  readonly watched: Watched;
  /** Told when an alarm rings and when it is over. Default: nobody, the console shows it. */
  readonly topicArn?: string;
}

interface Rule {
  readonly metric: IMetric;
  readonly atLeast: number;
  /** Periods of the metric in a row. Default 1. */
  readonly periods?: number;
}

/** Firehose delivers once a minute; so long after it, something is wrong. */
const DELIVERY_AGE_SECONDS = 900;
const ERROR_PERCENT = 5;
/** Fewer requests in a period say nothing in percent. */
const LEAST_REQUESTS = 20;

export class GatewayAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { watched, topicArn }: GatewayAlarmsProps) {
    super(scope, id);
    const rules = Object.entries(rulesOf(watched));
    this.alarms = rules.map(([name, rule]) => this.#alarm(name, rule));
    if (topicArn === undefined) return;
    const action = new SnsAction(Topic.fromTopicArn(this, 'Topic', topicArn));
    for (const alarm of this.alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  #alarm(name: string, { metric, atLeast, periods = 1 }: Rule): Alarm {
    const { means, anchor } = runbookOf(name);
    return new Alarm(this, name, {
      alarmDescription: `${means} What to do: docs/operate.md#${anchor}`,
      metric,
      threshold: atLeast,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function rulesOf(watched: Watched): Readonly<Record<string, Rule>> {
  const { sealing, checkpointDeadLetters, captureFailures } = watched;
  return {
    AuditFallback: { metric: watched.auditFallbacks, atLeast: 1 },
    DeliveryAge: { metric: watched.deliveryAge, atLeast: DELIVERY_AGE_SECONDS, periods: 2 },
    ServerErrors: { metric: errorPercent(watched), atLeast: ERROR_PERCENT, periods: 2 },
    OpenCircuits: { metric: watched.openCircuits, atLeast: 1 },
    Throttles: { metric: watched.throttles, atLeast: 1 },
    ...(sealing && {
      SealDeadLetters: { metric: sealing.deadLetters, atLeast: 1 },
      UnsealedObjects: { metric: sealing.unsealed, atLeast: 1 },
    }),
    ...(checkpointDeadLetters && { CheckpointFailed: { metric: checkpointDeadLetters, atLeast: 1 } }),
    ...(captureFailures && { CaptureFailures: { metric: captureFailures, atLeast: 1 } }),
  };
}

function errorPercent({ requests, serverErrors }: Watched): MathExpression {
  return new MathExpression({
    expression: `IF(requests >= ${LEAST_REQUESTS}, 100 * errors / requests, 0)`,
    usingMetrics: { requests, errors: serverErrors },
    label: 'requests that ended in 5xx, percent',
    period: Duration.minutes(5),
  });
}

function runbookOf(name: string): Runbook {
  const runbook = RUNBOOKS[name];
  if (runbook === undefined) throw new Error(`no runbook for the alarm ${name}: add it to runbooks.ts`);
  return runbook;
}
