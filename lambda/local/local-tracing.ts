/** Tracing of a gateway on this machine, where OpenTelemetry's variables ask for it. */
import type { Variables } from '../config/local-environment.ts';
import { readTracingSettings } from '../config/tracing-settings.ts';
import { GATEWAY_VERSION } from '../exchange/serve-info.ts';
import type { Log } from '../services.ts';
import { openTracing, type OpenedTracing } from '../tracing/open-tracing.ts';

export interface LocalTracingOptions {
  readonly variables: Variables;
  /** As it stands in events. */
  readonly environment: string;
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  readonly log: Log;
}

/** Resolves when the first request can be traced; undefined where nobody asks for it. */
export async function openLocalTracing(options: LocalTracingOptions): Promise<OpenedTracing | undefined> {
  const { variables, environment, elapsed, log } = options;
  const opened = openTracing(readTracingSettings(variables), {
    scheme: 'http',
    version: GATEWAY_VERSION,
    environment,
    sendsOnFlush: false,
    elapsed,
    log,
  });
  await opened?.load();
  return opened;
}
