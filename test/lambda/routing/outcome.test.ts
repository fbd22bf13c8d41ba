import { describe, expect, it } from 'vitest';
import {
  isBreakerFailure,
  mayHaveBeenBilled,
  triggerOf,
  type Outcome,
} from '../../../lambda/routing/outcome.ts';

interface Row {
  readonly outcome: Outcome;
  readonly failure: boolean;
  readonly trigger: string | undefined;
  readonly billed: boolean;
}

const row = (
  outcome: Outcome,
  failure: boolean,
  trigger: string | undefined,
  billed: boolean,
): [string, Row] => [JSON.stringify(outcome), { outcome, failure, trigger, billed }];

const ROWS = [
  row({ kind: 'success' }, false, undefined, false),
  row({ kind: 'cancelled' }, false, undefined, false),
  row({ kind: 'connection_error', code: 'ECONNREFUSED' }, true, 'connection_error', false),
  row({ kind: 'connection_error', code: 'ENOTFOUND' }, true, 'connection_error', false),
  row({ kind: 'connection_error', code: 'CERT_HAS_EXPIRED' }, true, 'connection_error', false),
  row({ kind: 'connection_error', code: 'ECONNRESET' }, true, 'connection_error', true),
  row({ kind: 'timeout' }, true, 'timeout', true),
  row({ kind: 'first_token_timeout' }, true, 'timeout', true),
  row({ kind: 'rate_limited', status: 429 }, false, 'rate_limit', false),
  row({ kind: 'auth_failed', status: 401 }, false, undefined, false),
  row({ kind: 'out_of_funds', status: 403 }, false, undefined, false),
  row({ kind: 'http_error', status: 400 }, false, undefined, false),
  row({ kind: 'http_error', status: 404 }, false, undefined, false),
  row({ kind: 'http_error', status: 408 }, false, 'timeout', false),
  row({ kind: 'http_error', status: 500 }, true, 'server_error', false),
  row({ kind: 'http_error', status: 529 }, true, 'server_error', false),
  row({ kind: 'broken_reply' }, true, 'connection_error', true),
  row({ kind: 'malformed_reply' }, true, 'server_error', true),
];

describe('an outcome', () => {
  it.each(ROWS)(
    '%s counts, triggers and bills as the table says',
    (_name, { outcome, failure, trigger, billed }) => {
      expect(isBreakerFailure(outcome)).toBe(failure);
      expect(triggerOf(outcome)).toBe(trigger);
      expect(mayHaveBeenBilled(outcome)).toBe(billed);
    },
  );
});
