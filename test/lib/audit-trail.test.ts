import { Capture, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate } from '../support/test-app.ts';

const settings = {
  immutable: false,
  retentionDays: 365,
  logAllAccess: false,
  hipaaAuditControls: false,
  captureRetentionDays: 30,
};
const template = aTemplate({ audit: settings });
const sealed = aTemplate({ audit: { ...settings, immutable: true, logAllAccess: true, retentionDays: 7 } });
const destination = (properties: Record<string, unknown>) => ({
  ExtendedS3DestinationConfiguration: Match.objectLike(properties),
});

describe('the delivery stream', () => {
  it.each([
    [
      'sorts events into folders of days and hours',
      { Prefix: 'audit/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/' },
    ],
    ['puts what failed apart', { ErrorOutputPrefix: Match.stringLikeRegexp('^audit-errors/') }],
    ['compresses', { CompressionFormat: 'GZIP', FileExtension: '.jsonl.gz' }],
    ['waits for a minute or 64 MiB', { BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 } }],
    ['logs what it could not deliver', { CloudWatchLoggingOptions: Match.objectLike({ Enabled: true }) }],
  ])('%s', (_case, properties) => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', destination(properties));
  });

  it('is encrypted at rest', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    });
  });

  it('is made only when its role may write', () => {
    template.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('AuditDeliveryPolicy')]),
    });
  });

  it('lends its role to nobody outside this account', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'firehose.amazonaws.com' },
            Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });
});

describe('the permissions on evidence', () => {
  it('let nobody delete it', () => {
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(policies).not.toMatch(/s3:Delete|s3:\*|s3:PutLifecycle|s3:BypassGovernance/);
  });

  it('let nobody read it', () => {
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('s3:GetObject');
  });
});

describe('the audit bucket', () => {
  it.each([
    [
      'blocks all public access',
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true } },
    ],
    ['keeps versions', { VersioningConfiguration: { Status: 'Enabled' } }],
    ['is encrypted', { BucketEncryption: Match.anyValue() }],
    ['knows no access lists', { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } }],
  ])('%s', (_case, properties) => {
    template.allResourcesProperties('AWS::S3::Bucket', properties);
  });

  it('refuses calls without TLS, and with an old one', () => {
    const deny = (condition: unknown) => Match.objectLike({ Effect: 'Deny', Condition: condition });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          deny({ Bool: { 'aws:SecureTransport': 'false' } }),
          deny({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
        ]),
      },
    });
  });

  it('outlives the stack', () => {
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it.each([
    ['365 days', template, 365],
    ['a week', sealed, 7],
  ])('keeps current and earlier versions for the %s of the policy file', (_case, stack, days) => {
    stack.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            Prefix: 'audit/dt=',
            ExpirationInDays: days,
            NoncurrentVersionExpiration: { NoncurrentDays: days },
            Status: 'Enabled',
          }),
          Match.objectLike({ Prefix: 'audit-errors/', ExpirationInDays: days, Status: 'Enabled' }),
        ]),
      },
    });
  });

  it('keeps checkpoints for good: they prove what was removed', () => {
    const rules = new Capture();
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: rules },
    });
    const expiring = rules.asArray().filter((rule: object) => 'ExpirationInDays' in rule);
    expect(expiring).toMatchObject([
      { Prefix: 'audit/dt=' },
      { Prefix: 'audit-errors/' },
      { Prefix: 'captures/' },
    ]);
  });

  it('is made for Object Lock when the policy file says immutable', () => {
    sealed.hasResourceProperties('AWS::S3::Bucket', { ObjectLockEnabled: true });
  });

  it('has no default retention, under which Firehose could not write', () => {
    sealed.allResourcesProperties('AWS::S3::Bucket', { ObjectLockConfiguration: Match.absent() });
  });

  it('ends uploads that nobody finished', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
        ]),
      },
    });
  });

  it('is not made for Object Lock otherwise', () => {
    template.allResourcesProperties('AWS::S3::Bucket', { ObjectLockEnabled: Match.not(true) });
  });
});

describe('the log of accesses to evidence', () => {
  it('goes to a bucket of its own when the policy file says log_all_access', () => {
    sealed.resourceCountIs('AWS::S3::Bucket', 2);
    sealed.hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('AccessLogs') } },
    });
  });

  it('may be written by S3 alone, for this bucket', () => {
    sealed.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 's3:PutObject', Principal: { Service: 'logging.s3.amazonaws.com' } }),
        ]),
      },
    });
  });

  it('does not exist otherwise', () => {
    template.resourceCountIs('AWS::S3::Bucket', 1);
  });
});
