/** A Firehose stream into one prefix of the audit bucket, with a role that can write there and nothing else. */
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeObjectsUnder } from './acknowledge.ts';
import type { AuditKey } from './audit-key.ts';
import type { DeploySettings } from './deploy-settings.ts';

export interface DeliveryStreamProps {
  readonly bucket: Bucket;
  /** Undefined where S3's own keys encrypt the bucket. */
  readonly key: AuditKey | undefined;
  readonly settings: DeploySettings;
  /** Where records go, below it by day and hour; with its slash. */
  readonly prefix: string;
  /** Where records go that could not be delivered; with its slash. */
  readonly errorPrefix: string;
}

/** Why a prefix, and not an object, is named in a permission to write. */
export const OBJECTS_REASON =
  'the names of objects carry their hour; only writing is allowed, under a fixed prefix';

export class DeliveryStream extends Construct {
  readonly #stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    const logs = new LogGroup(this, 'Logs', {
      retention: props.settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policy = this.#policy(role, logs, props);
    this.#stream = this.#deliver(role, logs, props);
    this.#stream.node.addDependency(policy);
  }

  get streamName(): string {
    return this.#stream.ref;
  }

  /** The function may hand records over. */
  grantPutTo(fn: Function, variable: string): void {
    fn.addEnvironment(variable, this.#stream.ref);
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [this.#stream.attrArn] }),
    );
  }

  #deliver(role: Role, logs: LogGroup, { bucket, prefix, errorPrefix }: DeliveryStreamProps) {
    const logStream = new LogStream(this, 'LogStream', {
      logGroup: logs,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${prefix}dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/`,
        errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
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
  }

  /** Narrower than the L2 construct's, which lets Firehose read and delete whatever is in the bucket. */
  #policy(role: Role, logs: LogGroup, { bucket, key, prefix, errorPrefix }: DeliveryStreamProps): Policy {
    // What lies below the one is named with it.
    const prefixes = errorPrefix.startsWith(prefix) ? [prefix] : [prefix, errorPrefix];
    const policy = new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
          resources: prefixes.map((each) => bucket.arnForObjects(`${each}*`)),
        }),
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [bucket.bucketArn],
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logs.logGroupArn] }),
      ],
    });
    for (const each of prefixes) acknowledgeObjectsUnder(each, bucket, policy, OBJECTS_REASON);
    key?.letWrite(policy);
    return policy;
  }
}
