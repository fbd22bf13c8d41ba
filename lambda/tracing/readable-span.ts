/** Spans as OpenTelemetry's libraries take them. */
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeDuration, millisToHrTime, TraceState } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanData } from './span-data.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** What all spans of a gateway share. */
export interface SpanOrigin {
  readonly resource: Resource;
  readonly instrumentationScope: { readonly name: string; readonly version: string };
}

export function readableSpan(span: SpanData, origin: SpanOrigin): ReadableSpan {
  const startTime = millisToHrTime(span.startMs);
  const endTime = millisToHrTime(span.endMs);
  const traceState = span.traceState === undefined ? {} : { traceState: new TraceState(span.traceState) };
  const contextOf = (spanId: string) => ({
    traceId: span.traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    ...traceState,
  });
  const { parentSpanId } = span;
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => contextOf(span.spanId),
    ...(parentSpanId !== undefined && {
      parentSpanContext: { ...contextOf(parentSpanId), isRemote: span.hasRemoteParent },
    }),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    status: { code: span.isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: span.attributes,
    events: span.events.map(({ name, atMs, attributes }) => ({
      name,
      time: millisToHrTime(atMs),
      attributes,
      droppedAttributesCount: 0,
    })),
    links: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...origin,
  };
}
