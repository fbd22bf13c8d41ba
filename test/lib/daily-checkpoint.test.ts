import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CHECKPOINT_KEY_NAME, LOCK_MODE_NAME } from '../../lambda/config/environment.ts';
import { permissionsOf } from '../support/permissions.ts';
import { aTemplate } from '../support/test-app.ts';

const audit = { immutable: true };
const template = aTemplate({ audit });
const FUNCTION = { Handler: 'checkpoint-handler.handler' };
const keyArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('AuditCheckpointKey'), 'Arn'] };

describe('the function that signs checkpoints', () => {
  it.each([
    ['runs on Node 24, on ARM', { Runtime: 'nodejs24.x', Architectures: ['arm64'] }],
    ['may take a quarter of an hour', { Timeout: 900 }],
    [
      'is told the bucket, how to lock, and its key',
      {
        Environment: {
          Variables: Match.objectLike({
            KEEPTRUSTS_AUDIT_BUCKET: Match.anyValue(),
            [LOCK_MODE_NAME]: 'GOVERNANCE',
            [CHECKPOINT_KEY_NAME]: keyArn,
          }),
        },
      },
    ],
    [
      'leaves what it could not do in a queue of its own',
      {
        DeadLetterConfig: {
          TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('CheckpointDeadLetters'), 'Arn'] },
        },
      },
    ],
    [
      'has a log group of its own',
      { LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('AuditCheckpointLogs') } } },
    ],
  ])('%s', (_case, properties) => {
    template.hasResourceProperties('AWS::Lambda::Function', { ...FUNCTION, ...properties });
  });

  it('may read evidence, add checkpoints with their lock, sign, and no more', () => {
    expect(permissionsOf(template, 'AuditCheckpointRole')).toEqual([
      ['logs:CreateLogStream logs:PutLogEvents', 'AuditCheckpointLogs'],
      ['sqs:SendMessage', 'AuditCheckpointDeadLetters'],
      ['s3:GetObject', 'AuditBucketEvidence/audit/*'],
      ['s3:ListBucket', 'AuditBucketEvidence'],
      ['s3:PutObject s3:PutObjectRetention', 'AuditBucketEvidence/audit/checkpoints/*'],
      ['kms:GetPublicKey', 'AuditCheckpointKey'],
      ['kms:Sign', 'AuditCheckpointKey'],
    ]);
  });

  it('may sign as checkpoints are signed, and no other way', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:Sign',
            Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
          }),
        ]),
      }),
    });
  });

  it('may use the key of the evidence where it has one', () => {
    const encrypted = aTemplate({ audit, context: { auditEncryption: 'kms' } });
    expect(permissionsOf(encrypted, 'AuditCheckpointRole')).toContainEqual([
      'kms:Decrypt kms:GenerateDataKey',
      'AuditKey',
    ]);
  });

  it('is started once a day, soon after midnight, and again twice when it fails', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(20 1 * * ? *)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AuditCheckpointFunction'), 'Arn'] },
        }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('AuditCheckpointFunction') },
      MaximumRetryAttempts: 2,
    });
  });

  it('does not exist without immutable', () => {
    const without = aTemplate({ audit: { immutable: false } });
    without.resourcePropertiesCountIs('AWS::Lambda::Function', FUNCTION, 0);
    without.resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe('the key of checkpoints', () => {
  it('signs with P-256', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });

  it('outlives the stack, because evidence is verified with it', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('is named by an output', () => {
    template.hasOutput('CheckpointKey', { Value: keyArn });
  });
});
