/** The way of a decision event into evidence: Firehose, and the bucket itself when Firehose fails. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CAPTURES_FOLDER } from '../lambda/audit/capture.ts';
import { CAPTURE_STREAM_NAME, ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import { acknowledgeObjectsUnder } from './acknowledge.ts';
import { AuditBucket } from './audit-bucket.ts';
import { AuditKey } from './audit-key.ts';
import { AuditSeal } from './audit-seal.ts';
import { DailyCheckpoint } from './daily-checkpoint.ts';
import { DeliveryStream, OBJECTS_REASON } from './delivery-stream.ts';
import type { DeploySettings } from './deploy-settings.ts';

export interface AuditTrailProps {
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

/** Where events lie; queries and the function's own writes use the same layout. */
const EVENTS_PREFIX = 'audit/';
const ERRORS_PREFIX = 'audit-errors/';
const CAPTURES_PREFIX = `${CAPTURES_FOLDER}/`;

export class AuditTrail extends Construct {
  readonly bucket: Bucket;
  /** Absent unless the policy file says `immutable: true`. */
  readonly seal?: AuditSeal;
  /** As above. */
  readonly checkpoints?: DailyCheckpoint;
  readonly #key: AuditKey | undefined;
  readonly #events: DeliveryStream;
  /** Absent unless the policy file says `capture: redacted`. */
  readonly #captures: DeliveryStream | undefined;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { config, settings } = props;
    const key = settings.auditEncryption === 'kms' ? new AuditKey(this, 'Key') : undefined;
    this.#key = key;
    const { bucket } = new AuditBucket(this, 'Bucket', {
      settings: config.audit,
      key,
      // The days of the lake; Firehose's errors are records that it could not deliver.
      expiringPrefixes: [`${EVENTS_PREFIX}dt=`, ERRORS_PREFIX],
      capturesPrefix: CAPTURES_PREFIX,
    });
    this.bucket = bucket;
    if (config.audit.immutable) {
      const evidence = { bucket, key, prefix: EVENTS_PREFIX, config, settings };
      this.seal = new AuditSeal(this, 'Seal', evidence);
      this.checkpoints = new DailyCheckpoint(this, 'Checkpoint', evidence);
    }
    const into = { bucket, key, settings };
    this.#events = new DeliveryStream(this, 'Delivery', {
      ...into,
      prefix: EVENTS_PREFIX,
      errorPrefix: ERRORS_PREFIX,
    });
    this.#captures =
      config.audit.captureRedactor === undefined
        ? undefined
        : new DeliveryStream(this, 'Captures', {
            ...into,
            prefix: CAPTURES_PREFIX,
            // They are texts, too: what could not be delivered must not be kept any longer.
            errorPrefix: `${CAPTURES_PREFIX}errors/`,
          });
  }

  get streamName(): string {
    return this.#events.streamName;
  }

  /** The function puts events and captures, and nothing else: it can neither read nor delete them. */
  grantTo(fn: Function): void {
    this.#events.grantPutTo(fn, ENVIRONMENT_NAMES.auditStream);
    this.#captures?.grantPutTo(fn, CAPTURE_STREAM_NAME);
    fn.addEnvironment(ENVIRONMENT_NAMES.auditBucket, this.bucket.bucketName);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${EVENTS_PREFIX}*`)],
      }),
    );
    acknowledgeObjectsUnder(EVENTS_PREFIX, this.bucket, fn.role ?? fn, OBJECTS_REASON);
    if (fn.role) this.#key?.letWrite(fn.role);
  }
}
