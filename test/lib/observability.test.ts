import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decisionMetrics } from '../../lambda/audit/decision-metrics.ts';
import { AUDIT_FALLBACK } from '../../lambda/audit/sink.ts';
import { RUNBOOKS } from '../../lib/runbooks.ts';
import { piiSettings } from '../lambda/policies/settings.ts';
import { aDecisionEvent } from '../support/a-decision-event.ts';
import { aStack, aTemplate } from '../support/test-app.ts';

const template = aTemplate({ audit: { immutable: true, captureRedactor: piiSettings() } });
const plain = aTemplate({ audit: { immutable: false } });

const alarmSchema = z.object({
  Properties: z.object({
    AlarmDescription: z.string(),
    TreatMissingData: z.string(),
    Threshold: z.number(),
  }),
});
const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(
  ([id, resource]) =>
    [id.replace(/^WatchAlarms|[0-9A-F]{8}$/g, ''), alarmSchema.parse(resource).Properties] as const,
);

describe('the alarms', () => {
  it('are one for each runbook', () => {
    expect(alarms.map(([name]) => name).sort()).toEqual(Object.keys(RUNBOOKS).sort());
  });

  it.each(alarms)('%s says what it means and where the manual goes on', (_name, { AlarmDescription }) => {
    const [, anchor = ''] = /What to do: docs\/operate\.md#(\S+)$/.exec(AlarmDescription) ?? [];
    const headings = [...readFileSync('docs/operate.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(
      ([, text = '']) =>
        text
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
    );
    expect(headings).toContain(anchor);
  });

  it.each(alarms)('%s is silent while there is nothing to measure', (_name, { TreatMissingData }) => {
    expect(TreatMissingData).toBe('notBreaching');
  });

  it.each([
    ['an event that no store took', { MetricName: 'AuditFallbacks', Threshold: 1, Period: 300 }],
    [
      'events that wait in Firehose',
      {
        Namespace: 'AWS/Firehose',
        MetricName: 'DeliveryToS3.DataFreshness',
        Threshold: 900,
        EvaluationPeriods: 2,
      },
    ],
    ['an open circuit', { MetricName: 'OpenCircuits', Statistic: 'Maximum', Threshold: 1 }],
    ['requests that Lambda refused', { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Threshold: 1 }],
    [
      'evidence that could not be locked',
      { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 },
    ],
    [
      'a checkpoint that could not be signed',
      {
        Namespace: 'AWS/SQS',
        AlarmDescription: Match.stringLikeRegexp('checkpoint was not signed'),
        Dimensions: [
          {
            Name: 'QueueName',
            Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('CheckpointDeadLetters'), 'QueueName'] },
          },
        ],
      },
    ],
    ['texts that were not kept', { MetricName: 'CaptureFailures', Statistic: 'Sum', Threshold: 1 }],
    ['evidence that nobody locked', { MetricName: 'UnsealedObjects', Threshold: 1, Period: 3600 }],
  ])('ring for %s', (_case, properties) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', properties);
  });

  it('ring for failures in percent, once there are enough requests to say so', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 5,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(requests >= 20, 100 * errors / requests, 0)' }),
      ]),
    });
  });

  it('on sealing, checkpoints and captures are there only where these are asked for', () => {
    plain.resourceCountIs('AWS::CloudWatch::Alarm', alarms.length - 4);
  });

  it('tell nobody unless a topic is named', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
  });

  it('tell the topic that is named, of their end as well', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
    aTemplate({ context: { alarmTopicArn } }).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [alarmTopicArn],
      OKActions: [alarmTopicArn],
    });
  });

  it('refuse a topic that is none', () => {
    expect(() => aStack({ context: { alarmTopicArn: 'on-call' } })).toThrow(
      '-c alarmTopicArn=on-call: allowed is the ARN of an SNS topic',
    );
  });
});

describe('the count of events that no store took', () => {
  it('is made of the lines of the log', () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.message = "${AUDIT_FALLBACK}" }`,
      LogGroupName: { Ref: Match.stringLikeRegexp('GatewayLogs') },
      MetricTransformations: [
        {
          MetricName: 'AuditFallbacks',
          MetricNamespace: 'Keeptrusts/Gateway/KeeptrustsGateway',
          MetricValue: '1',
        },
      ],
    });
  });
});

describe('the dashboard', () => {
  const body = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));

  it.each([
    'Requests by verdict',
    'Stopped, by policy',
    'Latency, ms',
    'Time to first token, ms',
    'Added by the gateway, ms',
    'Tokens by target',
    'Cost by target, USD',
    'Circuits: 1 is open',
    'Evidence: events that no store took',
    'Evidence: age in Firehose, s',
    'Evidence: objects sealed',
  ])('shows: %s', (title) => {
    expect(body).toContain(title);
  });

  it.each(['allow', 'redact', 'block', 'escalate', 'error', 'first', 'second', 'pii-detector', 'p99'])(
    'has a line for %s',
    (label) => {
      expect(body).toContain(label);
    },
  );

  it('asks for no metric of a request that its line does not declare', () => {
    const event = aDecisionEvent({ ttft_ms: 1, verdict: 'block', policy_name: 'pii-detector' });
    const declared = decisionMetrics(event, 'g', 0);
    const asked = [...body.matchAll(/Keeptrusts\/Gateway\\+",\\+"(\w+)\\+"/g)].map(([, name = '']) => name);
    const others = ['CircuitOpen', 'SealedObjects', 'UnsealedObjects'];
    expect(new Set(asked).size).toBeGreaterThan(8);
    expect([...new Set(asked)].filter((name) => !declared.includes(`"${name}"`)).sort()).toEqual(others);
  });
});
