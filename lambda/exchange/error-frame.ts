/** An error that upstream reports inside a reply it began as a success. */
import { readErrorFrame } from '../upstream/aimlapi-errors.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { CallFailure } from './call-end.ts';

export function frameFailure(data: JsonObject, status: number): CallFailure {
  const found = readErrorFrame(data);
  const claimed = found.status;
  if (found.kind === 'http_error') {
    return { outcome: { kind: 'http_error', status: claimed }, problem: found.problem, status };
  }
  return { outcome: { kind: found.kind, status: claimed }, problem: found.problem, status };
}
