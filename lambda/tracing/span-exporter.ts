/** Sends spans by OTLP in batches: bounded in memory, and no failure of it reaches a request. */
import { type ExportResult, ExportResultCode, parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/tracing-settings.ts';
import { failureLog } from './failure-log.ts';
import type { TracingOptions } from './open-tracing.ts';

/** Spans in memory; the specification's own defaults for a batch. */
const MAX_QUEUED = 2048;
const MAX_BATCH = 512;
const BATCH_EVERY_MS = 5_000;

/** Node's longest timer: batches of a function are sent when it says so, and never while it is frozen. */
const NEVER_MS = 2 ** 31 - 1;

/** A function's time is paid for: after a failure no request waits for the collector for so long. */
const REST_MS = 30_000;

/** The specification's default. */
const TIMEOUT_MS = 10_000;

export interface SpanQueue {
  readonly push: (span: ReadableSpan) => void;
  /** Sends what waits; resolves when that has ended, whichever way. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What fails has been told of by then. */
const heard = (): undefined => undefined;

export function openSpanQueue(settings: TracingSettings, options: TracingOptions): SpanQueue {
  const { log, elapsed, sendsOnFlush } = options;
  const complain = failureLog(log, elapsed);
  const timeoutMs = settings.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS;
  let queued = 0;
  let restsUntil = -Infinity;
  const exporter = makeExporter(settings, options, timeoutMs);
  const watched = watch(exporter, {
    taken: (count) => (queued -= count),
    failed: (error) => {
      if (sendsOnFlush) restsUntil = elapsed() + REST_MS;
      complain('spans could not be sent', reasonOf(error));
    },
  });
  const processor = new BatchSpanProcessor({
    exporter: watched,
    maxQueueSize: MAX_QUEUED,
    maxExportBatchSize: MAX_BATCH,
    scheduledDelayMillis: sendsOnFlush ? NEVER_MS : BATCH_EVERY_MS,
    exportTimeoutMillis: timeoutMs + 1000,
  });
  return {
    push: (span) => {
      if (queued >= MAX_QUEUED) {
        complain('spans are dropped', `${MAX_QUEUED} of them wait to be sent`);
        return;
      }
      queued += 1;
      processor.onEnd(span);
    },
    flush: async () => {
      if (queued > 0 && elapsed() >= restsUntil) await processor.forceFlush().catch(heard);
    },
    close: async () => {
      await processor.shutdown().catch(heard);
      // Batches that had left before the last one may still be on their way.
      await exporter.forceFlush?.();
    },
  };
}

function makeExporter(
  settings: TracingSettings,
  { readHeaders, sendsOnFlush }: TracingOptions,
  timeoutMillis: number,
): SpanExporter {
  const Exporter = settings.format === 'json' ? JsonExporter : ProtobufExporter;
  return new Exporter({
    url: settings.url,
    timeoutMillis,
    // A connection that a frozen function has kept is most often dead. Where it is kept, the variables say how.
    ...(sendsOnFlush && { keepAlive: false }),
    headers: async () => parseKeyPairsIntoRecord((await readHeaders?.()) ?? settings.headers),
  });
}

interface Watcher {
  readonly taken: (count: number) => void;
  readonly failed: (error: Error | undefined) => void;
}

/** The libraries tell of failures on a logger of their own, which nobody reads here. */
function watch(exporter: SpanExporter, { taken, failed }: Watcher): SpanExporter {
  return {
    export: (spans, done) => {
      taken(spans.length);
      exporter.export(spans, (result: ExportResult) => {
        if (result.code === ExportResultCode.FAILED) failed(result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** The collector's own text is left out: nobody knows what it repeats. */
function reasonOf(error: (Error & { readonly code?: unknown }) | undefined): string {
  if (typeof error?.code === 'number') return `the collector answered with status ${error.code}`;
  if (typeof error?.code === 'string') return error.code;
  return error === undefined ? 'unknown' : error.message.slice(0, 200);
}
