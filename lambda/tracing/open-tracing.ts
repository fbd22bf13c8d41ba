/** Tracing where OpenTelemetry's variables ask for it: its libraries are loaded then, and never otherwise. */
import type { TracingReading } from '../config/tracing-settings.ts';
import type { OtlpTracing } from './otlp-tracing.ts';
import type { Tracing } from './tracing.ts';

/** The gateway's log, as far as tracing needs it. */
export type WriteLog = (
  level: 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

export interface TracingOptions {
  /** How callers reach the gateway. */
  readonly scheme: 'http' | 'https';
  /** Of the gateway. */
  readonly version: string;
  /** e.g. `production`. */
  readonly environment: string;
  /** What else is known of the place it runs in, as attributes of the resource. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Headers of each export where they are not in the environment; undefined: those of the environment serve. */
  readonly readHeaders?: () => Promise<string | undefined>;
  /** True: spans leave on flush alone, as a function needs it that is frozen between its requests. */
  readonly sendsOnFlush: boolean;
  /** Milliseconds that an export may take when the environment does not say. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  readonly log: WriteLog;
}

export interface OpenedTracing {
  readonly tracing: Tracing;
  /** Loads the libraries; requests before that are not traced. Never rejects. */
  readonly load: () => Promise<void>;
  /** Sends what waits. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Sends what waits, as long as that takes no more than a moment. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Nobody waits longer for the end of a gateway because its collector is down. */
const CLOSE_WITHIN_MS = 3_000;

/** Undefined where nothing asks for tracing, or asks for what can't be had: the log says so. */
export function openTracing(reading: TracingReading, options: TracingOptions): OpenedTracing | undefined {
  const { log } = options;
  if (reading.kind === 'off') return undefined;
  if (reading.kind === 'unusable') {
    log('error', 'requests are not traced', { reason: reading.reason });
    return undefined;
  }
  for (const reason of reading.warnings) log('warn', 'a setting of tracing is passed over', { reason });
  let loading: Promise<void> | undefined;
  let opened: OtlpTracing | undefined;
  const load = async (): Promise<void> => {
    try {
      const { openOtlpTracing } = await import('./otlp-tracing.ts');
      opened = openOtlpTracing(reading.settings, options);
    } catch (error) {
      log('error', 'requests are not traced', { reason: error instanceof Error ? error.message : 'unknown' });
    }
  };
  return {
    tracing: {
      begin: (headers) => opened?.begin(headers),
      beginCall: (trace, target, began) => opened?.beginCall(trace, target, began),
      finish: (request) => opened?.finish(request),
    },
    load: () => (loading ??= load()),
    flush: async () => opened?.flush(),
    close: async () => {
      if (opened !== undefined) await withinMoment(opened.close());
    },
  };
}

async function withinMoment(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
  await Promise.race([work, moment]);
  clearTimeout(timer);
}
