/** Asks whose gateway key a caller presented. */
import { problem, ProblemError } from '../http/problem.ts';
import type { Services } from '../services.ts';
import type { GatewayKey } from '../state/key-store.ts';

/** Undefined where no keys are asked for. Throws ProblemError: 401, or 503 while the keys can't be looked up. */
export async function checkKey(
  { keys, log }: Services,
  presented: string | undefined,
): Promise<GatewayKey | undefined> {
  if (keys === undefined) return undefined;
  const key = presented === undefined ? undefined : await keys(presented).catch(outOfReach(log));
  if (key !== undefined) return key;
  const message = 'a valid gateway key is needed: Authorization: Bearer kt_gk_…';
  throw new ProblemError(problem('invalid_api_key', message));
}

function outOfReach(log: Services['log']): (cause: unknown) => never {
  return (cause) => {
    // Its message may say what was looked up.
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const reason = cause instanceof Error ? cause.name : 'unknown failure';
    log('error', 'gateway keys can not be looked up', { reason, ...(typeof code === 'string' && { code }) });
    const message = 'gateway keys can not be looked up for the time being';
    throw new ProblemError(problem('overloaded', message, { retryAfterMs: 1000 }), { cause });
  };
}
