import { AwsSolutionsChecks } from 'cdk-nag';
import { Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENVIRONMENT_NAMES } from '../../lambda/config/environment.ts';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { readDeploySettings } from '../../lib/deploy-settings.ts';
import { GatewayStack } from '../../lib/gateway-stack.ts';
import { wantsProbes } from '../../lib/probe-schedule.ts';
import { aConfig, aTestApp } from '../support/test-app.ts';

/** The test's configuration, the first of its two targets probed. */
function probed(timeoutMs = 5_000): GatewayConfig {
  const config = aConfig();
  const [first, ...others] = config.targets;
  if (first === undefined) throw new Error('the test configuration has targets');
  const healthProbe = { enabled: true, intervalMs: 30_000, timeoutMs };
  return { ...config, targets: [{ ...first, healthProbe }, ...others] };
}

function stackOf(config: GatewayConfig): GatewayStack {
  const app = aTestApp();
  return new GatewayStack(app, 'Test', { config, settings: readDeploySettings(app.node) });
}

const template = Template.fromStack(stackOf(probed()));
const FUNCTION = { Handler: 'probe-handler.handler' };

const statements = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
      ),
    }),
  }),
});

/** What the role of the probes may do, and to what. */
function permissions(): readonly (readonly [actions: string, resource: string])[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => statements.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith('ProbesRole')))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Action, Resource }) => [
      [Action].flat().join(' '),
      /"(\w+?)[0-9A-F]{8}"/.exec(JSON.stringify(Resource))?.[1] ?? JSON.stringify(Resource),
    ]);
}

describe('health probes on AWS', () => {
  it('are started once a minute, and a minute that has passed is not made up for', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ProbesFunction'), 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        }),
      ],
    });
  });

  it.each([
    ['on Node 24, on ARM', { Runtime: 'nodejs24.x', Architectures: ['arm64'] }],
    ['in a quarter of a GiB', { MemorySize: 256 }],
    ['for its minute, the last probe and a margin', { Timeout: 85 }],
    [
      'with a log group of its own',
      { LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('ProbesLogs') } } },
    ],
  ])('run %s', (_, properties) => {
    template.hasResourceProperties('AWS::Lambda::Function', { ...FUNCTION, ...properties });
  });

  it('are told the table and the secret, and nothing else', () => {
    const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: FUNCTION }));
    const { Properties } = z
      .object({
        Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
      })
      .parse(fn);
    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual(
      [ENVIRONMENT_NAMES.circuitTable, ENVIRONMENT_NAMES.upstreamSecret].sort(),
    );
  });

  it('may read the upstream keys, read and update circuits, and write their log', () => {
    expect(permissions()).toEqual([
      ['logs:CreateLogStream logs:PutLogEvents', 'ProbesLogs'],
      ['dynamodb:BatchGetItem dynamodb:UpdateItem', 'CircuitsTable'],
      ['secretsmanager:GetSecretValue', 'SecretUpstream'],
    ]);
  });

  it('wait for the longest probe', () => {
    Template.fromStack(stackOf(probed(30_500))).hasResourceProperties('AWS::Lambda::Function', {
      ...FUNCTION,
      Timeout: 111,
    });
  });

  it('break none of the AwsSolutions rules', () => {
    const app = aTestApp();
    const settings = readDeploySettings(app.node);
    expect(new GatewayStack(app, 'Test', { config: probed(), settings }).stackName).toBe('Test');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('without a target that wants probes', () => {
  const without = Template.fromStack(stackOf(aConfig({ immutable: false })));

  it.each([
    ['schedule', 'AWS::Events::Rule', 0],
    ['second function', 'AWS::Lambda::Function', 1],
  ])('there is no %s', (_, type, count) => {
    without.resourceCountIs(type, count);
  });

  it('nothing is wanted', () => {
    expect([wantsProbes(aConfig()), wantsProbes(probed())]).toEqual([false, true]);
  });
});
