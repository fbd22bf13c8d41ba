/** The way of a decision event into evidence: Firehose, and the bucket itself when Firehose fails. */
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import { acknowledgeObjectsUnder } from './acknowledge.ts';
import { AuditBucket } from './audit-bucket.ts';
import { AuditKey } from './audit-key.ts';
import { AuditSeal } from './audit-seal.ts';
import type { DeploySettings } from './deploy-settings.ts';

export interface AuditTrailProps {
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

/** Where events lie; queries and the function's own writes use the same layout. */
const EVENTS_PREFIX = 'audit/';
const ERRORS_PREFIX = 'audit-errors/';
const OBJECTS_REASON = 'the names of objects carry their hour; only writing is allowed, under a fixed prefix';

export class AuditTrail extends Construct {
  readonly bucket: Bucket;
  /** Absent unless the policy file says `immutable: true`. */
  readonly seal?: AuditSeal;
  readonly #key: AuditKey | undefined;
  readonly #stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { config, settings } = props;
    const key = settings.auditEncryption === 'kms' ? new AuditKey(this, 'Key') : undefined;
    this.#key = key;
    const { bucket } = new AuditBucket(this, 'Bucket', { settings: config.audit, key });
    this.bucket = bucket;
    if (config.audit.immutable) {
      this.seal = new AuditSeal(this, 'Seal', { bucket, key, prefix: EVENTS_PREFIX, config, settings });
    }
    this.#stream = this.#deliveryStream(settings);
  }

  #deliveryStream(settings: DeploySettings): CfnDeliveryStream {
    const role = new Role(this, 'DeliveryRole', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    const logs = new LogGroup(this, 'DeliveryLogs', {
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new LogStream(this, 'DeliveryLogStream', {
      logGroup: logs,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policy = this.#deliveryPolicy(role, logs);
    const stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: this.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${EVENTS_PREFIX}dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/`,
        errorOutputPrefix: `${ERRORS_PREFIX}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
        compressionFormat: 'GZIP',
        fileExtension: '.jsonl.gz',
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 64 },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logs.logGroupName,
          logStreamName: logStream.logStreamName,
        },
      },
    });
    stream.node.addDependency(policy);
    return stream;
  }

  get streamName(): string {
    return this.#stream.ref;
  }

  /** The function puts events, and nothing else: it can neither read evidence nor delete it. */
  grantTo(fn: Function): void {
    fn.addEnvironment(ENVIRONMENT_NAMES.auditStream, this.#stream.ref);
    fn.addEnvironment(ENVIRONMENT_NAMES.auditBucket, this.bucket.bucketName);
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [this.#stream.attrArn] }),
    );
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${EVENTS_PREFIX}*`)],
      }),
    );
    acknowledgeObjectsUnder(EVENTS_PREFIX, this.bucket, fn.role ?? fn, OBJECTS_REASON);
    if (fn.role) this.#key?.letWrite(fn.role);
  }

  /** Narrower than the L2 construct's, which lets Firehose read and delete whatever is in the bucket. */
  #deliveryPolicy(role: Role, logs: LogGroup): Policy {
    const policy = new Policy(this, 'DeliveryPolicy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
          resources: [EVENTS_PREFIX, ERRORS_PREFIX].map((prefix) => this.bucket.arnForObjects(`${prefix}*`)),
        }),
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [this.bucket.bucketArn],
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logs.logGroupArn] }),
      ],
    });
    for (const prefix of [EVENTS_PREFIX, ERRORS_PREFIX]) {
      acknowledgeObjectsUnder(prefix, this.bucket, policy, OBJECTS_REASON);
    }
    this.#key?.letWrite(policy);
    return policy;
  }
}
