/** The function that locks each new object of evidence, what starts it, and where its failures stay. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT_NAMES, LOCK_MODE_NAME } from '../lambda/config/environment.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import { acknowledgeObjectsUnder } from './acknowledge.ts';
import type { AuditKey } from './audit-key.ts';
import { makeDeadLetters } from './dead-letters.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { functionCode } from './function-bundle.ts';
import { functionLog } from './function-log.ts';

export interface AuditSealProps {
  readonly bucket: Bucket;
  readonly key: AuditKey | undefined;
  /** Of events within the bucket. */
  readonly prefix: string;
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

/** So many days are looked through daily: a week of failures is made good without anybody's help. */
const SWEPT_DAYS = 8;

export class AuditSeal extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: AuditSealProps) {
    super(scope, id);
    this.deadLetters = makeDeadLetters(this);
    this.function = this.#function(props);
    this.#permit(props);
    this.#start(props);
  }

  #function({ bucket, config, settings }: AuditSealProps): Function {
    return new Function(this, 'Function', {
      description: 'Locks new objects of evidence for their retention, and looks daily for missed ones',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'seal-handler.handler',
      code: functionCode('seal-handler', config),
      ...functionLog(this, settings.logRetention),
      memorySize: 256,
      // The daily look at a week of a lake with several objects a minute.
      timeout: Duration.minutes(15),
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      deadLetterQueue: this.deadLetters,
      environment: {
        [ENVIRONMENT_NAMES.auditBucket]: bucket.bucketName,
        [ENVIRONMENT_NAMES.gatewayId]: Stack.of(this).stackName,
        [LOCK_MODE_NAME]: settings.lockMode,
      },
    });
  }

  /** It can lengthen what is locked; it can neither write nor delete evidence, nor lift a lock. */
  #permit({ bucket, key, prefix }: AuditSealProps): void {
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:PutObjectRetention'],
        resources: [bucket.arnForObjects(`${prefix}*`)],
      }),
    );
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucketVersions'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
      }),
    );
    const role = this.function.role ?? this.function;
    acknowledgeObjectsUnder(
      prefix,
      bucket,
      role,
      'every new object of evidence is read and locked, under a fixed prefix of one bucket',
    );
    if (this.function.role) key?.letRead(this.function.role);
  }

  #start({ bucket, prefix }: AuditSealProps): void {
    const { defaultChild } = bucket.node;
    if (!CfnBucket.isCfnBucket(defaultChild)) throw new Error('the audit bucket has no resource of its own');
    // The bucket's own notifications would need a second function, which the CDK gives managed policies.
    defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    const arrivals = new Rule(this, 'Arrivals', {
      description: 'New objects of evidence',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix }] } },
      },
    });
    const { deadLetters: deadLetterQueue } = this;
    arrivals.addTarget(new LambdaFunction(this.function, { deadLetterQueue }));
    const daily = new Rule(this, 'Daily', {
      description: 'The daily look for objects that nobody has sealed',
      schedule: Schedule.rate(Duration.days(1)),
    });
    const event = RuleTargetInput.fromObject({ sweep: { days: SWEPT_DAYS } });
    daily.addTarget(new LambdaFunction(this.function, { deadLetterQueue, event }));
  }
}
