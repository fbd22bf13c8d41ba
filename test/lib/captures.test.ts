/** Captures on AWS: a stream and a prefix of their own, gone when their time is over, and no part of the evidence. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CAPTURE_STREAM_NAME } from '../../lambda/config/environment.ts';
import { piiSettings } from '../lambda/policies/settings.ts';
import { permissionsOf } from '../support/permissions.ts';
import { aTemplate } from '../support/test-app.ts';

const audit = {
  immutable: true,
  retentionDays: 365,
  captureRetentionDays: 14,
  captureRedactor: piiSettings(),
};
const template = aTemplate({ audit });
const without = aTemplate({ audit: { immutable: true, captureRetentionDays: 14 } });

const CAPTURES_RULE = Match.objectLike({
  Prefix: 'captures/',
  ExpirationInDays: 14,
  NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  Status: 'Enabled',
});
const hasCapturesRule = (stack: Template): void =>
  stack.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([CAPTURES_RULE]) },
  });

describe('the delivery stream of captures', () => {
  it.each([
    [
      'sorts them into folders of days and hours',
      { Prefix: 'captures/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/' },
    ],
    [
      'puts what failed where it is removed as soon',
      { ErrorOutputPrefix: Match.stringLikeRegexp('^captures/errors/') },
    ],
    ['compresses', { CompressionFormat: 'GZIP', FileExtension: '.jsonl.gz' }],
  ])('%s', (_case, properties) => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike(properties),
    });
  });

  it('is encrypted at rest, as is that of events', () => {
    template.allResourcesProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    });
  });

  it('may write below its prefix and no more', () => {
    expect(permissionsOf(template, 'AuditCapturesRole')).toEqual([
      ['s3:AbortMultipartUpload s3:PutObject', 'AuditBucketEvidence/captures/*'],
      ['s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads', 'AuditBucketEvidence'],
      ['logs:PutLogEvents', 'AuditCapturesLogs'],
    ]);
  });

  it('may use the key of the bucket where there is one', () => {
    const encrypted = aTemplate({ audit, context: { auditEncryption: 'kms' } });
    const actions = permissionsOf(encrypted, 'AuditCapturesRole').map(([names]) => names);
    expect(actions).toContain('kms:Decrypt kms:GenerateDataKey');
  });

  it('is known to the function, which may put records and has no other way to the prefix', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'gateway-handler.handler',
      Environment: {
        Variables: Match.objectLike({
          [CAPTURE_STREAM_NAME]: { Ref: Match.stringLikeRegexp('AuditCaptures') },
        }),
      },
    });
    const granted = permissionsOf(template, 'GatewayRole');
    expect(granted).toContainEqual(['firehose:PutRecordBatch', 'AuditCapturesStream AuditDeliveryStream']);
    expect(granted.filter(([, resource]) => resource.includes('captures/'))).toEqual([]);
  });

  it('does not exist while captures are off', () => {
    without.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
    without.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'gateway-handler.handler',
      Environment: { Variables: { [CAPTURE_STREAM_NAME]: Match.absent() } },
    });
  });
});

describe('the prefix of captures', () => {
  it.each([
    ['while they are on', template],
    ['while they are off: those of before must go', without],
  ])('is emptied by its own retention %s', (_case, stack) => {
    hasCapturesRule(stack);
  });

  it('is not what the sealing function locks', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { object: { key: [{ prefix: 'audit/' }] } } },
    });
    const sealed = permissionsOf(template, 'AuditSealRole').map(([, resource]) => resource);
    expect(sealed.filter((resource) => resource.includes('captures'))).toEqual([]);
  });

  it('has no default lock, under which nothing could be removed in time', () => {
    template.allResourcesProperties('AWS::S3::Bucket', { ObjectLockConfiguration: Match.absent() });
  });
});
