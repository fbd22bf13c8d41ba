/** What OpenTelemetry's standard variables ask for; with none of them set there is no tracing at all. */
import type { Variables } from './local-environment.ts';

export type SamplerName =
  | 'always_on'
  | 'always_off'
  | 'traceidratio'
  | 'parentbased_always_on'
  | 'parentbased_always_off'
  | 'parentbased_traceidratio';

export interface TracingSettings {
  /** Where spans are sent, path included. */
  readonly url: string;
  readonly format: 'protobuf' | 'json';
  /** Headers of each export as they are written: `name=value,name=value`, values percent-encoded. May be secret. */
  readonly headers: string;
  /** Milliseconds that one export may take, retries included; absent: the platform's own default. */
  readonly timeoutMs?: number;
  readonly sampler: { readonly name: SamplerName; readonly ratio: number };
  readonly serviceName?: string;
  /** Attributes of the resource, written as headers are. */
  readonly resourceAttributes: string;
}

export type TracingReading =
  | { readonly kind: 'off' }
  /** Tracing is asked for in a way that can't be served; the gateway serves on without it. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'on'; readonly settings: TracingSettings; readonly warnings: readonly string[] };

/** Names are those of OpenTelemetry's specification, "Environment Variable Specification" and "OTLP exporter". */
export const TRACING_HEADERS_NAME = 'OTEL_EXPORTER_OTLP_HEADERS';

const FORMATS: Readonly<Record<string, TracingSettings['format']>> = {
  'http/protobuf': 'protobuf',
  'http/json': 'json',
};

const SAMPLERS: readonly SamplerName[] = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
];

/** Empty variables count as absent, as the specification says. */
export function readTracingSettings(variables: Variables): TracingReading {
  const read = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const ofTraces = (name: string): string | undefined =>
    read(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`);
  const exporter = read('OTEL_TRACES_EXPORTER') ?? 'otlp';
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || exporter === 'none') return { kind: 'off' };
  const url = endpointOf(read);
  if (url === undefined) return { kind: 'off' };
  if (exporter !== 'otlp') return unusable('OTEL_TRACES_EXPORTER', exporter, 'otlp or none');
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    // Not shown: an address may hold a password.
    return {
      kind: 'unusable',
      reason: 'the OTLP endpoint is no address that begins with http:// or https://',
    };
  }
  const protocol = ofTraces('PROTOCOL') ?? 'http/protobuf';
  const format = FORMATS[protocol];
  if (format === undefined) {
    return unusable(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      protocol,
      'http/protobuf or http/json (port 4318 as a rule)',
    );
  }
  const warnings: string[] = [];
  const timeoutMs = wholeNumber(ofTraces('TIMEOUT'), warnings);
  const serviceName = read('OTEL_SERVICE_NAME');
  return {
    kind: 'on',
    warnings,
    settings: {
      url,
      format,
      headers: ofTraces('HEADERS') ?? '',
      ...(timeoutMs !== undefined && { timeoutMs }),
      sampler: samplerOf(read, warnings),
      ...(serviceName !== undefined && { serviceName }),
      resourceAttributes: read('OTEL_RESOURCE_ATTRIBUTES') ?? '',
    },
  };
}

type Read = (name: string) => string | undefined;

/** The address for traces is used as it is; the path of the common one is completed. */
function endpointOf(read: Read): string | undefined {
  const ofTraces = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (ofTraces !== undefined) return ofTraces;
  const base = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`;
}

function unusable(name: string, seen: string, allowed: string): TracingReading {
  return { kind: 'unusable', reason: `${name} is ${JSON.stringify(seen)}: allowed is ${allowed}` };
}

function wholeNumber(text: string | undefined, warnings: string[]): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  warnings.push('OTEL_EXPORTER_OTLP_TIMEOUT is passed over: allowed are milliseconds from 1');
  return undefined;
}

/** A value that is not understood gives the default and a warning, as the specification asks. */
function samplerOf(read: Read, warnings: string[]): TracingSettings['sampler'] {
  const asked = read('OTEL_TRACES_SAMPLER');
  const name = SAMPLERS.find((known) => known === asked?.toLowerCase());
  if (asked !== undefined && name === undefined) {
    warnings.push(`OTEL_TRACES_SAMPLER is passed over: allowed is one of ${SAMPLERS.join(', ')}`);
  }
  const argument = read('OTEL_TRACES_SAMPLER_ARG');
  const ratio = Number(argument ?? 1);
  if (ratio >= 0 && ratio <= 1) return { name: name ?? 'parentbased_always_on', ratio };
  if (name?.endsWith('traceidratio') === true) {
    warnings.push('OTEL_TRACES_SAMPLER_ARG is passed over: allowed is a number from 0 to 1');
  }
  return { name: name ?? 'parentbased_always_on', ratio: 1 };
}
