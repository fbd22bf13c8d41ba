import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DIGEST_KEY, ENVIRONMENT_NAMES } from '../../lambda/config/environment.ts';
import { PARTITION_KEY } from '../../lambda/state/circuit-item.ts';
import { aStack, aTemplate } from '../support/test-app.ts';

const template = aTemplate();

const policySchema = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({
      Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })),
    }),
  }),
});

/** Every action that the policies of a role allow. */
function actionsOf(role: RegExp): readonly string[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => policySchema.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => role.test(Ref)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action))
    .sort();
}

describe('the function', () => {
  it.each([
    ['on Node 24', { Runtime: 'nodejs24.x' }],
    ['on ARM', { Architectures: ['arm64'] }],
    ['for as long as Lambda allows', { Timeout: 900 }],
    ['with one GiB', { MemorySize: 1024 }],
    ['fifty times at once at most', { ReservedConcurrentExecutions: 50 }],
    [
      'from its own log group',
      { LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('GatewayLogs') } } },
    ],
  ])('runs %s', (_case, properties) => {
    template.hasResourceProperties('AWS::Lambda::Function', properties);
  });

  it.each(Object.entries(ENVIRONMENT_NAMES))('is told its %s as %s', (_key, name) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { [name]: Match.anyValue() } },
    });
  });

  it('is told the fail mode, the environment and the name of the stack', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          [ENVIRONMENT_NAMES.failMode]: 'block',
          [ENVIRONMENT_NAMES.environment]: 'production',
          [ENVIRONMENT_NAMES.gatewayId]: 'KeeptrustsGateway',
        },
      },
    });
  });

  it('may do what serving needs and nothing else', () => {
    expect(actionsOf(/GatewayRole/)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'firehose:PutRecordBatch',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('has none of the policies that AWS manages', () => {
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  it('keeps its log for thirty days', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

describe('the URL', () => {
  it('streams, and leaves the key check to the gateway', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
  });

  it.each(['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'])('may be called by all with %s', (action) => {
    template.hasResourceProperties('AWS::Lambda::Permission', { Action: action, Principal: '*' });
  });
});

describe('the table of gateway keys', () => {
  const ofKeys = Match.objectLike({ KeySchema: [{ AttributeName: 'hash', KeyType: 'HASH' }] });

  it.each([
    ['is paid by request', { BillingMode: 'PAY_PER_REQUEST' }],
    ['lets ended keys go', { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }],
    [
      'can be brought back to any point in time',
      {
        Replicas: [
          Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
        ],
      },
    ],
  ])('%s', (_case, properties) => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', Match.objectLike({ ...properties }));
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', ofKeys);
  });
});

describe('the table of circuits', () => {
  it('has the partition key that the store writes', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });
});

describe('the secrets', () => {
  it('start empty for upstream keys, whatever the policy file names, so that no deploy overwrites what was put in', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', { SecretString: '{}' });
  });

  it('hold a generated key for the hashes in events', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: Match.objectLike({ GenerateStringKey: DIGEST_KEY, SecretStringTemplate: '{}' }),
    });
  });

  it('are not among the variables of the function', () => {
    const variables = JSON.stringify(template.findResources('AWS::Lambda::Function'));
    expect(variables).not.toContain('resolve:secretsmanager');
  });
});

describe('the outputs', () => {
  it('name the base URL of an OpenAI client', () => {
    template.hasOutput('BaseUrl', { Value: { 'Fn::Join': ['', [Match.anyValue(), 'v1']] } });
  });

  it('show how to put in each upstream key that the policy file names', () => {
    const [step] = Object.values(template.findOutputs('NextStep1'));
    expect(JSON.stringify(step)).toContain('AIMLAPI_KEY');
    expect(JSON.stringify(step)).toContain('other-key');
  });

  it('show how to make a gateway key', () => {
    template.hasOutput('NextStep2', { Value: 'npx kt keys create --stack KeeptrustsGateway --name my-app' });
  });
});

describe('the settings of a deployment', () => {
  it.each([
    ['reservedConcurrency', '7', { ReservedConcurrentExecutions: 7 }],
    ['reservedConcurrency', 'none', { ReservedConcurrentExecutions: Match.absent() }],
    ['memoryMiB', '512', { MemorySize: 512 }],
    ['failMode', 'allow', { Environment: { Variables: { [ENVIRONMENT_NAMES.failMode]: 'allow' } } }],
    ['environment', 'test', { Environment: { Variables: { [ENVIRONMENT_NAMES.environment]: 'test' } } }],
    ['stackName', 'Other', { Environment: { Variables: { [ENVIRONMENT_NAMES.gatewayId]: 'Other' } } }],
  ])('take %s=%s', (name, value, properties) => {
    aTemplate({ context: { [name]: value } }).hasResourceProperties('AWS::Lambda::Function', properties);
  });

  it('take a period for the logs', () => {
    aTemplate({ context: { logRetentionDays: '90' } }).allResourcesProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 90,
    });
  });

  it.each([
    ['reservedConcurrency', '0', /reservedConcurrency=0.*1 to 100000/],
    ['reservedConcurrency', 'many', /reservedConcurrency=many/],
    ['memoryMiB', '64', /memoryMiB=64.*128 to 10240/],
    ['logRetentionDays', '31', /logRetentionDays=31.*one of 1, 3/],
    ['logRetentionDays', '9999', /logRetentionDays=9999/],
    ['failMode', 'open', /failMode=open.*block or allow/],
  ])('refuse %s=%s and say what is allowed', (name, value, message) => {
    expect(() => aStack({ context: { [name]: value } })).toThrow(message);
  });
});
