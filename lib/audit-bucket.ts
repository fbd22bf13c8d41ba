/** The bucket that holds the evidence, kept as long as the policy file says. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AuditSettings } from '../lambda/config/gateway-config.ts';
import type { AuditKey } from './audit-key.ts';

const PRIVATE = {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies BucketProps;

export interface AuditBucketProps {
  readonly settings: AuditSettings;
  /** Default: S3's own keys. */
  readonly key: AuditKey | undefined;
  /** Of what is removed when it is past its retention. */
  readonly expiringPrefixes: readonly string[];
  /** Of the redacted texts, which are kept for a time of their own; with its slash. */
  readonly capturesPrefix: string;
}

export class AuditBucket extends Construct {
  readonly bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    { settings, key, expiringPrefixes, capturesPrefix }: AuditBucketProps,
  ) {
    super(scope, id);
    const retention = Duration.days(settings.retentionDays);
    const lifecycleRules: LifecycleRule[] = [
      {
        id: 'retention',
        // What somebody deletes early stays as a version for as long as evidence must be kept.
        noncurrentVersionExpiration: retention,
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
      // Not the checkpoints: they prove what was removed, and are few and small.
      ...expiringPrefixes.map((prefix, index) => ({
        id: `expiry-${index + 1}`,
        prefix,
        expiration: retention,
        noncurrentVersionExpiration: retention,
      })),
      {
        // Of two rules the shorter time holds. It stays when captures are switched off: those of before must go.
        id: 'captures',
        prefix: capturesPrefix,
        expiration: Duration.days(settings.captureRetentionDays),
        // Texts are no evidence: no version of them outlives its time.
        noncurrentVersionExpiration: Duration.days(1),
      },
      { id: 'markers', expiredObjectDeleteMarker: true },
    ];
    this.bucket = new Bucket(this, 'Evidence', {
      ...PRIVATE,
      ...(key && encryptionBy(key)),
      versioned: true,
      objectLockEnabled: settings.immutable,
      lifecycleRules,
      ...(settings.logAllAccess && { serverAccessLogsBucket: this.#accessLogs(retention) }),
    });
    if (!settings.logAllAccess) {
      Validations.of(this.bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason: 'the policy file sets log_all_access: false, which asks for no access logs',
      });
    }
  }

  #accessLogs(retention: Duration): IBucket {
    const logs = new Bucket(this, 'AccessLogs', {
      ...PRIVATE,
      lifecycleRules: [
        { id: 'retention', expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'it receives the access logs of the evidence; logging its own would never end',
    });
    // The class is not assignable to its own interface under exactOptionalPropertyTypes.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return logs as IBucket;
  }
}

function encryptionBy({ key }: AuditKey): BucketProps {
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    // One data key serves many objects: KMS is asked, and paid, once in a while.
    bucketKeyEnabled: true,
  };
}
