/** OpenTelemetry's variables reach the function from the context, and nothing secret does. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aStack, aTemplate } from '../support/test-app.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp' };

describe('the function', () => {
  it('has the variables that -c gives', () => {
    const context = {
      ...ENDPOINT,
      OTEL_SERVICE_NAME: 'gateway',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: 0.1,
      OTEL_RESOURCE_ATTRIBUTES: 'team=a,tier=b',
    };
    aTemplate({ context }).hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'gateway-handler.handler',
      Environment: {
        Variables: Match.objectLike({ ...context, OTEL_TRACES_SAMPLER_ARG: '0.1' }),
      },
    });
  });

  it('has none of them otherwise', () => {
    expect(JSON.stringify(aTemplate().toJSON())).not.toContain('OTEL_');
  });

  it('is the only one that has them', () => {
    const functions = Object.values(aTemplate({ context: ENDPOINT }).findResources('AWS::Lambda::Function'));
    const told = functions.filter((resource) => JSON.stringify(resource).includes('OTEL_'));
    expect(functions.length).toBeGreaterThan(1);
    expect(told).toHaveLength(1);
  });
});

describe('a setting of tracing', () => {
  it.each([
    [
      'with secret headers',
      { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x' },
      /-c OTEL_EXPORTER_OTLP_HEADERS=…: headers are secret .* secret \(output UpstreamSecret\) under the name OTEL_EXPORTER_OTLP_HEADERS$/,
    ],
    [
      'with secret headers for traces',
      { OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=x' },
      /headers are secret/,
    ],
    [
      'that nobody reads',
      { OTEL_LOGS_EXPORTER: 'otlp' },
      /-c OTEL_LOGS_EXPORTER=…: allowed of OTEL_ are OTEL_/,
    ],
    [
      'for gRPC',
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /-c OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": allowed is http\/protobuf/,
    ],
    [
      'without a scheme',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      /-c the OTLP endpoint is no address/,
    ],
    [
      'with an unknown sampler',
      { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'some' },
      /-c OTEL_TRACES_SAMPLER is passed over: allowed is one of always_on/,
    ],
  ])('%s stops the synthesis', (_case, context, message) => {
    expect(() => aStack({ context })).toThrow(message);
    expect(() => aStack({ context })).not.toThrow(/authorization=x/);
  });
});
