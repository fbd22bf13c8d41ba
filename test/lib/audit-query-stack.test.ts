import { Stage, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EVENT_COLUMNS, hiveType } from '../../lambda/audit/event-columns.ts';
import { AuditQueryStack, databaseNameOf } from '../../lib/audit-query-stack.ts';
import { auditBucketExport } from '../../lib/audit-bucket-export.ts';
import { namedQueries } from '../../lib/queries/named-queries.ts';
import { VIEWS } from '../../lib/queries/views.ts';
import { cfnLint, findCfnLint } from '../support/cfn-lint.ts';
import { aTemplate, aTestApp } from '../support/test-app.ts';

const aStack = (): AuditQueryStack =>
  new AuditQueryStack(new Stage(aTestApp(), 'AuditQuery'), 'Stack', {
    stackName: 'KeeptrustsGateway-AuditQuery',
    gatewayStackName: 'KeeptrustsGateway',
    scanLimitGiB: 10,
  });
const template = Template.fromStack(aStack());
const table = (properties: Record<string, unknown>) =>
  template.hasResourceProperties('AWS::Glue::Table', {
    TableInput: Match.objectLike({ Name: 'events', ...properties }),
  });

const bucket = { 'Fn::ImportValue': 'KeeptrustsGateway-AuditBucket' };

describe('the table over the evidence', () => {
  it('has a column for each field of an event', () => {
    const Columns = Object.entries(EVENT_COLUMNS).map(([Name, type]) => ({ Name, Type: hiveType(type) }));
    table({ StorageDescriptor: Match.objectLike({ Columns }) });
  });

  it.each([
    ['reads lines of JSON', { StorageDescriptor: Match.objectLike({ SerdeInfo: Match.anyValue() }) }],
    [
      'lies where the serving stack delivers',
      {
        StorageDescriptor: Match.objectLike({ Location: { 'Fn::Join': ['', ['s3://', bucket, '/audit/']] } }),
      },
    ],
    [
      'is parted by day and hour',
      {
        PartitionKeys: [
          { Name: 'dt', Type: 'string' },
          { Name: 'hr', Type: 'string' },
        ],
      },
    ],
    [
      'knows every hour without a crawler',
      {
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.dt.format': 'yyyy-MM-dd',
          'projection.dt.range': '2026-01-01,NOW',
          'projection.hr.values': Match.stringLikeRegexp('^00,01,.*,23$'),
          'storage.location.template': {
            'Fn::Join': ['', ['s3://', bucket, '/audit/dt=${dt}/hr=${hr}/']],
          },
        }),
      },
    ],
  ])('%s', (_case, properties) => {
    table(properties);
  });

  it('reads the bucket that the serving stack exports', () => {
    aTemplate().hasOutput('AuditBucket', { Export: { Name: auditBucketExport('KeeptrustsGateway') } });
  });
});

describe('the views', () => {
  const schema = z.object({
    Properties: z.object({
      TableInput: z.object({ Name: z.string(), ViewOriginalText: z.string().optional() }),
    }),
  });
  const texts = Object.values(template.findResources('AWS::Glue::Table'))
    .map((resource) => schema.parse(resource).Properties.TableInput)
    .flatMap(({ Name, ViewOriginalText: text }) => (text === undefined ? [] : [[Name, text] as const]));

  it('are those of the local lake', () => {
    expect(texts.map(([name]) => name).sort()).toEqual(VIEWS.map(({ name }) => name).sort());
  });

  it.each(texts)('%s is written as Athena keeps views', (name, text) => {
    const [, base64 = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(text) ?? [];
    const view = VIEWS.find((each) => each.name === name);
    expect(JSON.parse(Buffer.from(base64, 'base64').toString())).toMatchObject({
      originalSql: view?.sql.trino,
      catalog: 'awsdatacatalog',
      schema: 'keeptrustsgateway_audit',
      columns: Object.keys(view?.columns ?? {}).map((each): unknown =>
        expect.objectContaining({ name: each }),
      ),
    });
  });
});

describe('the workgroup', () => {
  it.each([
    ['ends a query that reads more than ten GiB', { BytesScannedCutoffPerQuery: 10 * 1024 ** 3 }],
    ['lets no client say otherwise', { EnforceWorkGroupConfiguration: true }],
    ['counts what is read', { PublishCloudWatchMetricsEnabled: true }],
    [
      'encrypts answers',
      {
        ResultConfiguration: Match.objectLike({ EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } }),
      },
    ],
  ])('%s', (_case, configuration) => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: Match.objectLike(configuration),
    });
  });

  it.each(namedQueries().map(({ name, description, sql }) => [name, description, sql] as const))(
    'knows the query %s, which says what it tells',
    (name, description, sql) => {
      expect(description).toMatch(/^[A-Z].*\.$/);
      template.hasResourceProperties('AWS::Athena::NamedQuery', {
        Name: name,
        Description: description,
        Database: 'keeptrustsgateway_audit',
        QueryString: sql,
      });
    },
  );

  it('keeps answers for thirty days, in private', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30 })] },
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicPolicy: true }),
    });
  });
});

describe('the name of the database', () => {
  it.each([
    ['KeeptrustsGateway', 'keeptrustsgateway_audit'],
    ['My-Gateway-2', 'my_gateway_2_audit'],
  ])('of %s is %s', (stack, name) => {
    expect(databaseNameOf(stack)).toBe(name);
  });
});

describe('the rules of others', () => {
  const synthesised = (): string => {
    const stack = aStack();
    const stage = Stage.of(stack);
    if (!stage) throw new Error('the stack is in no stage');
    Validations.of(stage).addPlugins(new AwsSolutionsChecks());
    return join(stage.synth().directory, stack.templateFile);
  };

  it('find nothing that is not acknowledged', () => {
    expect(synthesised).not.toThrow();
  });

  it('are content with the template, where cfn-lint is to be had', { timeout: 240_000 }, async (context) => {
    const found = await findCfnLint();
    if ('missing' in found) {
      process.stdout.write(`cfn-lint is not to be had here, its test is skipped: ${found.missing}\n`);
      return context.skip();
    }
    expect(await cfnLint(found.command, synthesised())).toBe('');
  });
});
