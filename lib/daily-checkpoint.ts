/** The function that signs where all chains end, once a day, and its key: with it, an end that is gone shows. */
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CHECKPOINT_FOLDER } from '../lambda/audit/checkpoint.ts';
import { CHECKPOINT_KEY_NAME, ENVIRONMENT_NAMES, LOCK_MODE_NAME } from '../lambda/config/environment.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import { acknowledgeObjectsUnder } from './acknowledge.ts';
import type { AuditKey } from './audit-key.ts';
import { makeDeadLetters } from './dead-letters.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { functionCode } from './function-bundle.ts';
import { functionLog } from './function-log.ts';

export interface DailyCheckpointProps {
  readonly bucket: Bucket;
  readonly key: AuditKey | undefined;
  /** Of events within the bucket. */
  readonly prefix: string;
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

export class DailyCheckpoint extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: DailyCheckpointProps) {
    super(scope, id);
    const { config, settings, bucket } = props;
    this.deadLetters = makeDeadLetters(this);
    const key = this.#key();
    this.function = new Function(this, 'Function', {
      description: 'Verifies the evidence of each day, and signs where all chains end',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'checkpoint-handler.handler',
      code: functionCode('checkpoint-handler', config),
      ...functionLog(this, settings.logRetention),
      // Verification is arithmetic, and CPU grows with memory.
      memorySize: 1024,
      timeout: Duration.minutes(15),
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      deadLetterQueue: this.deadLetters,
      environment: {
        [ENVIRONMENT_NAMES.auditBucket]: bucket.bucketName,
        [ENVIRONMENT_NAMES.gatewayId]: Stack.of(this).stackName,
        [LOCK_MODE_NAME]: settings.lockMode,
        [CHECKPOINT_KEY_NAME]: key.keyArn,
      },
    });
    this.#permit(props, key);
    this.#start();
    const description = 'Signs checkpoints: kt events checkpoint --kms-key ARN --public-key prints its PEM';
    const output = new CfnOutput(this, 'KeyArn', { value: key.keyArn, description });
    output.overrideLogicalId('CheckpointKey');
  }

  /** Kept when the stack goes: its public half is what the evidence is verified with. */
  #key(): Key {
    return new Key(this, 'Key', {
      description: 'Signs checkpoints of the evidence',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** It reads evidence and adds checkpoints; it can neither change, delete nor unlock anything. */
  #permit({ bucket, key: encryption, prefix }: DailyCheckpointProps, key: Key): void {
    const checkpoints = `${prefix}${CHECKPOINT_FOLDER}/`;
    const statements = [
      { actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`${prefix}*`)] },
      {
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
      },
      {
        actions: ['s3:PutObject', 's3:PutObjectRetention'],
        resources: [bucket.arnForObjects(`${checkpoints}*`)],
      },
      { actions: ['kms:GetPublicKey'], resources: [key.keyArn] },
      {
        actions: ['kms:Sign'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
      },
    ];
    for (const statement of statements) this.function.addToRolePolicy(new PolicyStatement(statement));
    const role = this.function.role ?? this.function;
    acknowledgeObjectsUnder(
      prefix,
      bucket,
      role,
      'all evidence is read to be verified, under a fixed prefix',
    );
    acknowledgeObjectsUnder(checkpoints, bucket, role, 'checkpoints are numbered, under a fixed prefix');
    if (this.function.role) encryption?.letWrite(this.function.role);
  }

  /** Soon after midnight and its last deliveries (UTC). */
  #start(): void {
    const daily = new Rule(this, 'Daily', {
      description: 'The daily checkpoint of the evidence',
      schedule: Schedule.cron({ hour: '1', minute: '20' }),
    });
    daily.addTarget(new LambdaFunction(this.function, { deadLetterQueue: this.deadLetters }));
  }
}
