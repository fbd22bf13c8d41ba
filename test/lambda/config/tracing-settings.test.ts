/** What OpenTelemetry's variables ask for. */
import { describe, expect, it } from 'vitest';
import { readTracingSettings } from '../../../lambda/config/tracing-settings.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

function settingsOf(variables: Readonly<Record<string, string>>) {
  const reading = readTracingSettings(variables);
  if (reading.kind !== 'on') throw new Error(`tracing is ${reading.kind}`);
  return reading;
}

describe('tracing', () => {
  it.each([
    ['no variable', {}],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['a blank endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['a name of the service alone', { OTEL_SERVICE_NAME: 'gateway' }],
    ['headers alone', { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }],
    ['OTEL_SDK_DISABLED', { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
    ['OTEL_SDK_DISABLED in capitals', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['no exporter', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('is off with %s', (_case, variables) => {
    expect(readTracingSettings(variables)).toEqual({ kind: 'off' });
  });

  it('is on with an endpoint alone, with the defaults of the specification', () => {
    expect(readTracingSettings(ENDPOINT)).toEqual({
      kind: 'on',
      warnings: [],
      settings: {
        url: 'http://collector:4318/v1/traces',
        format: 'protobuf',
        headers: '',
        sampler: { name: 'parentbased_always_on', ratio: 1 },
        resourceAttributes: '',
      },
    });
  });

  it.each([
    ['is false', { OTEL_SDK_DISABLED: 'false' }],
    ['is no word of the specification', { OTEL_SDK_DISABLED: '1' }],
  ])('is on where OTEL_SDK_DISABLED %s', (_case, variables) => {
    expect(readTracingSettings({ ...ENDPOINT, ...variables }).kind).toBe('on');
  });

  it.each([
    ['a slash at the end', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    ['a path', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp' }, 'https://c/otlp/v1/traces'],
    ['an address for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/t' }, 'http://c/t'],
    ['both', { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/' }, 'http://c/'],
  ])('sends to the address of %s', (_case, variables, url) => {
    expect(settingsOf(variables).settings.url).toBe(url);
  });

  it.each([
    [
      'gRPC',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": allowed is http/protobuf or http/json (port 4318 as a rule)',
    ],
    [
      'another exporter',
      { OTEL_TRACES_EXPORTER: 'zipkin' },
      'OTEL_TRACES_EXPORTER is "zipkin": allowed is otlp or none',
    ],
    [
      'a host without a scheme',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'the OTLP endpoint is no address that begins with http:// or https://',
    ],
    [
      'no address at all',
      { OTEL_EXPORTER_OTLP_ENDPOINT: '://user:secret@' },
      'the OTLP endpoint is no address that begins with http:// or https://',
    ],
  ])('can not be had with %s, and says why', (_case, variables, reason) => {
    expect(readTracingSettings({ ...ENDPOINT, ...variables })).toEqual({ kind: 'unusable', reason });
  });

  it('takes what is said of traces before what is said of all', () => {
    const { settings } = settingsOf({
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=2',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2',
    });
    expect(settings).toMatchObject({ format: 'json', headers: 'b=2', timeoutMs: 2 });
  });

  it.each([
    ['a sampler nobody knows', { OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'parentbased_always_on', 1],
    [
      'a ratio above 1',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
      'traceidratio',
      1,
    ],
    [
      'a ratio that is no number',
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: 'x' },
      'parentbased_traceidratio',
      1,
    ],
    ['a timeout that is none', { OTEL_EXPORTER_OTLP_TIMEOUT: '-1' }, 'parentbased_always_on', 1],
  ])('passes %s over with a warning', (_case, variables, name, ratio) => {
    const { settings, warnings } = settingsOf({ ...ENDPOINT, ...variables });
    expect(settings.sampler).toEqual({ name, ratio });
    expect(settings).not.toHaveProperty('timeoutMs');
    expect(warnings).toEqual([expect.stringMatching(/^OTEL_\w+ is passed over: allowed /)]);
  });

  it('reads a ratio', () => {
    const variables = { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(settingsOf(variables).settings.sampler).toEqual({ name: 'traceidratio', ratio: 0.25 });
  });
});
