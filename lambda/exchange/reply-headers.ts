/** The headers of an answer to an API route. */
import { verdictOf } from './record.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';

/** What upstream says that helps a caller; everything else, cookies and hop-by-hop headers first, stays here. */
const PASSED = /^(?:x-aimlapi-|x-inference-id$|x-ratelimit-|openai-processing-ms$|anthropic-ratelimit-)/;

export function replyHeaders(
  runtime: Runtime,
  record: ExchangeRecord,
  upstream: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(upstream)) {
    const value = upstream[name];
    if (value !== undefined && PASSED.test(name)) headers[name] = value;
  }
  headers['x-request-id'] = record.caller.requestId;
  headers['x-keeptrusts-event-id'] = record.eventId;
  headers['x-keeptrusts-config-version'] = runtime.config.pack.version;
  headers['x-keeptrusts-verdict'] = verdictOf(record);
  if (record.target !== undefined) headers['x-keeptrusts-target'] = record.target.id;
  if (record.variant !== undefined) headers['x-keeptrusts-variant'] = record.variant;
  return headers;
}
