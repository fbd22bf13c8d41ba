/** A failure that nothing but a fault of this program explains. */
import { problem } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import type { Services } from '../services.ts';
import type { CallFailure } from './call-end.ts';
import type { ExchangeRecord } from './record.ts';

/** How the log names the request. */
export interface FailedRequest {
  readonly request_id: string;
  readonly event_id?: string;
}

/** The log gets its name and place, the caller neither; its message may quote a text, so nobody gets that. */
export function defectProblem({ log }: Services, ids: FailedRequest, cause: unknown): Problem {
  const name = cause instanceof Error ? cause.name : typeof cause;
  const stack = cause instanceof Error ? placesOf(cause) : '';
  log('error', 'internal error', { ...ids, stack: `${name}${stack}` });
  return problem('internal_error', 'the gateway failed; its log has more under the request id');
}

/** The same, where it ended the call of a target. */
export function defectFailure(
  services: Services,
  record: ExchangeRecord,
  cause: unknown,
  status: number | null,
): CallFailure {
  return { outcome: { kind: 'cancelled' }, problem: defectProblem(services, idsOf(record), cause), status };
}

export function idsOf({ caller, eventId }: ExchangeRecord): FailedRequest {
  return { request_id: caller.requestId, event_id: eventId };
}

function placesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\n${line}`)
    .join('');
}
