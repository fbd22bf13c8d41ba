import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { LOCK_MODE_NAME } from '../../lambda/config/environment.ts';
import { permissionsOf } from '../support/permissions.ts';
import { aStack, aTemplate } from '../support/test-app.ts';

const audit = { immutable: true };
const template = aTemplate({ audit });
const FUNCTION = { Handler: 'seal-handler.handler' };
const sealFunction = (properties: Record<string, unknown>) =>
  template.hasResourceProperties('AWS::Lambda::Function', { ...FUNCTION, ...properties });

describe('the sealing function', () => {
  it.each([
    ['runs on Node 24, on ARM', { Runtime: 'nodejs24.x', Architectures: ['arm64'] }],
    ['may take a quarter of an hour', { Timeout: 900 }],
    [
      'is told the bucket and the mode',
      {
        Environment: {
          Variables: Match.objectLike({
            KEEPTRUSTS_AUDIT_BUCKET: Match.anyValue(),
            [LOCK_MODE_NAME]: 'GOVERNANCE',
          }),
        },
      },
    ],
    [
      'leaves what it could not do in a queue',
      {
        DeadLetterConfig: {
          TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SealDeadLetters'), 'Arn'] },
        },
      },
    ],
  ])('%s', (_case, properties) => {
    sealFunction(properties);
  });

  it('is started again twice when it fails', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
    });
  });

  it('may read and lock objects of evidence, list their versions, and no more', () => {
    expect(permissionsOf(template, 'AuditSealRole')).toEqual([
      ['logs:CreateLogStream logs:PutLogEvents', 'AuditSealLogs'],
      ['sqs:SendMessage', 'AuditSealDeadLetters'],
      [
        's3:GetObject s3:GetObjectRetention s3:GetObjectVersion s3:PutObjectRetention',
        'AuditBucketEvidence/audit/*',
      ],
      ['s3:ListBucketVersions', 'AuditBucketEvidence'],
    ]);
  });

  it('does not exist without immutable', () => {
    aTemplate({ audit: { immutable: false } }).resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      FUNCTION,
      0,
    );
  });
});

describe('what starts it', () => {
  it('is each new object under audit/', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('AuditBucketEvidence') }] },
          object: { key: [{ prefix: 'audit/' }] },
        },
      },
    });
  });

  it('is told by the bucket', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
  });

  it('is the clock once a day, for the last eight days', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 day)',
      Targets: [Match.objectLike({ Input: '{"sweep":{"days":8}}' })],
    });
  });

  it('leaves what could not be started in the queue', () => {
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() } })],
    });
  });
});

describe('the queue of failures', () => {
  it('keeps them for two weeks, encrypted', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });
});

describe('COMPLIANCE mode', () => {
  it('is taken only from a setting that says what it means', () => {
    aTemplate({ audit, context: { objectLock: 'compliance-cannot-be-undone' } }).hasResourceProperties(
      'AWS::Lambda::Function',
      { Environment: { Variables: Match.objectLike({ [LOCK_MODE_NAME]: 'COMPLIANCE' }) } },
    );
  });

  it.each(['compliance', 'COMPLIANCE', 'true'])('is refused as %s', (value) => {
    expect(() => aStack({ audit, context: { objectLock: value } })).toThrow(
      `-c objectLock=${value}: allowed is governance or compliance-cannot-be-undone`,
    );
  });
});

describe('a key of the deployment, with -c auditEncryption=kms', () => {
  const encrypted = aTemplate({ audit, context: { auditEncryption: 'kms' } });

  it('encrypts the evidence', () => {
    encrypted.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
          },
        ],
      },
    });
  });

  it('is renewed yearly and outlives the stack', () => {
    encrypted.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'Retain',
    });
  });

  it.each([
    ['function', 'GatewayRole', 'kms:Decrypt kms:GenerateDataKey'],
    ['delivery', 'AuditDeliveryRole', 'kms:Decrypt kms:GenerateDataKey'],
    ['sealing', 'AuditSealRole', 'kms:Decrypt'],
  ])('may be used by the %s for what it does', (_case, role, actions) => {
    expect(permissionsOf(encrypted, role)).toContainEqual([actions, 'AuditKey']);
  });

  it('is not made otherwise', () => {
    template.resourcePropertiesCountIs('AWS::KMS::Key', { EnableKeyRotation: true }, 0);
  });

  it('is no other word', () => {
    expect(() => aStack({ context: { auditEncryption: 'aes' } })).toThrow('allowed is s3 or kms');
  });
});
