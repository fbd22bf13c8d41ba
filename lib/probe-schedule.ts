/** The function that probes the targets, and the schedule that starts it once a minute. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Architecture, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { GatewayConfig, Target } from '../lambda/config/gateway-config.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { functionCode } from './function-bundle.ts';
import { functionLog } from './function-log.ts';

export interface ProbeScheduleProps {
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

/** Left after the last probe for telling the table of it. */
const MARGIN_SECONDS = 20;

/** Where no target wants probes there is nothing to deploy. */
export function wantsProbes({ targets }: GatewayConfig): boolean {
  return targets.some(({ healthProbe }) => healthProbe.enabled);
}

export class ProbeSchedule extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, { config, settings }: ProbeScheduleProps) {
    super(scope, id);
    this.function = new Function(this, 'Function', {
      description: `Health probes of the targets of ${config.pack.name} ${config.pack.version}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'probe-handler.handler',
      code: functionCode('probe-handler', config),
      ...functionLog(this, settings.logRetention),
      // It waits nearly all of its time, which is billed by memory; Node and the clients take 90 MB.
      memorySize: 256,
      timeout: longestMinute(config.targets),
    });
    const everyMinute = new Rule(this, 'EveryMinute', {
      description: 'Starts the health probes; intervals below a minute are kept within the function',
      // The shortest period that EventBridge has.
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    // A minute that has passed is not made up for: the next one is due.
    everyMinute.addTarget(
      new LambdaFunction(this.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    );
  }
}

/** The last probe may begin with the minute's last moment. */
function longestMinute(targets: readonly Target[]): Duration {
  const patienceMs = Math.max(...targets.map(({ healthProbe }) => healthProbe.timeoutMs));
  return Duration.seconds(60 + Math.ceil(patienceMs / 1_000) + MARGIN_SECONDS);
}
