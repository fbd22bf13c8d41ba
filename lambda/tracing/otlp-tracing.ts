/** Tracing by OpenTelemetry's libraries; loaded only where it is asked for. */
import { ROOT_CONTEXT, SpanKind, trace as api } from '@opentelemetry/api';
import { parseKeyPairsIntoRecord, parseTraceParent } from '@opentelemetry/core';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { RandomIdGenerator, SamplingDecision } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/tracing-settings.ts';
import type { TracingOptions } from './open-tracing.ts';
import { readableSpan, type SpanOrigin } from './readable-span.ts';
import { samplerOf } from './sampler.ts';
import { openSpanQueue } from './span-exporter.ts';
import { spansOf } from './spans-of.ts';
import type { RequestTrace, TracedRequest, Tracing } from './tracing.ts';

export interface OtlpTracing extends Tracing {
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const SERVICE_NAME = 'keeptrusts-gateway';

export function openOtlpTracing(settings: TracingSettings, options: TracingOptions): OtlpTracing {
  const origin = originOf(settings, options);
  const queue = openSpanQueue(settings, options);
  const ids = new RandomIdGenerator();
  const begin = beginWith(settings, ids);
  let waiting: TracedRequest[] = [];
  /** Spans are made when the event loop has nothing better to do: no answer waits for them. */
  const drain = (): void => {
    const requests = waiting;
    waiting = [];
    try {
      const spans = requests.flatMap((request) => spansOf(request, options.scheme));
      for (const span of spans) queue.push(readableSpan(span, origin));
    } catch (error) {
      // Nobody is there to catch it, and evidence does not depend on it.
      options.log('error', 'spans could not be made', {
        reason: error instanceof Error ? error.name : 'unknown',
      });
    }
  };
  return {
    begin,
    beginCall: (trace, target, began) => {
      const call = { spanId: ids.generateSpanId(), target, began, status: null, error: null };
      trace.calls.push(call);
      return call;
    },
    finish: (request) => {
      if (!request.trace.isSampled) return;
      if (waiting.push(request) === 1) setImmediate(drain);
    },
    flush: async () => {
      drain();
      await queue.flush();
    },
    close: async () => {
      drain();
      await queue.close();
    },
  };
}

function beginWith(settings: TracingSettings, ids: RandomIdGenerator): OtlpTracing['begin'] {
  const sampler = samplerOf(settings.sampler);
  return (headers): RequestTrace => {
    const parent = parseTraceParent(headers['traceparent'] ?? '');
    const traceId = parent?.traceId ?? ids.generateTraceId();
    const context =
      parent === null ? ROOT_CONTEXT : api.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
    const state = headers['tracestate'];
    const { decision } = sampler.shouldSample(context, traceId, 'POST', SpanKind.SERVER, {}, []);
    return {
      traceId,
      spanId: ids.generateSpanId(),
      ...(parent !== null && { parentSpanId: parent.spanId }),
      ...(parent !== null && state !== undefined && { traceState: state }),
      isSampled: decision === SamplingDecision.RECORD_AND_SAMPLED,
      calls: [],
    };
  };
}

/** OTEL_SERVICE_NAME wins over OTEL_RESOURCE_ATTRIBUTES, and both over what the gateway says of itself. */
function originOf(settings: TracingSettings, { version, environment, resource }: TracingOptions): SpanOrigin {
  const given = parseKeyPairsIntoRecord(settings.resourceAttributes);
  const own = {
    'service.name': SERVICE_NAME,
    'service.version': version,
    'deployment.environment.name': environment,
    ...resource,
  };
  const named = settings.serviceName === undefined ? {} : { 'service.name': settings.serviceName };
  return {
    resource: defaultResource().merge(resourceFromAttributes({ ...own, ...given, ...named })),
    instrumentationScope: { name: SERVICE_NAME, version },
  };
}
