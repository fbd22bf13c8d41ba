import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextStep,
  type Attempt,
  type FallBackInput,
  type NextStep,
} from '../../../lambda/routing/fall-back.ts';
import type { Outcome } from '../../../lambda/routing/outcome.ts';
import type { PlannedTarget } from '../../../lambda/routing/plan.ts';
import { aTarget, FALLBACK, RETRY } from './support.ts';

const A = aTarget('a');
const B = aTarget('b');
const OTHER_KEY = aTarget('c', { secret: { store: 'other' } });

const REFUSED: Outcome = { kind: 'connection_error', code: 'ECONNREFUSED' };
const RESET: Outcome = { kind: 'connection_error', code: 'ECONNRESET' };
const DOWN: Outcome = { kind: 'http_error', status: 503 };
const BAD_REQUEST: Outcome = { kind: 'http_error', status: 400 };
const TIMEOUT: Outcome = { kind: 'timeout' };
const NO_KEY: Outcome = { kind: 'auth_failed', status: 401 };
const NO_FUNDS: Outcome = { kind: 'out_of_funds', status: 403 };
const limited = (retryAfterMs?: number): Outcome =>
  retryAfterMs === undefined
    ? { kind: 'rate_limited', status: 429 }
    : { kind: 'rate_limited', status: 429, retryAfterMs };

const planned = (...targets: readonly PlannedTarget['target'][]): readonly PlannedTarget[] =>
  targets.map((target) => ({ target, probe: false }));

function after(attempts: readonly Attempt[], fields: Partial<FallBackInput> = {}): NextStep {
  return nextStep({
    fallback: FALLBACK,
    retry: { ...RETRY, maxRetries: 0 },
    attempts,
    remaining: planned(B, OTHER_KEY),
    circuitClosed: true,
    contentSent: false,
    remainingMs: 60_000,
    random: 0.5,
    ...fields,
  });
}

const at = (target: Attempt['target'], outcome: Outcome, freshSecret = false): Attempt =>
  freshSecret ? { target, outcome, freshSecret } : { target, outcome };
const name = (step: NextStep): string => {
  if (step.kind === 'give_up') return step.because;
  const { id } = step.kind === 'retry' ? step.target : step.to.target;
  return `${step.kind} ${id}${step.mayBillTwice ? ', may bill twice' : ''}`;
};

describe('after an attempt without retries', () => {
  it.each<[string, Outcome, string]>([
    ['went well', { kind: 'success' }, 'done'],
    ['was cancelled', { kind: 'cancelled' }, 'done'],
    ['was refused', REFUSED, 'fall_back b'],
    ['was reset', RESET, 'fall_back b, may bill twice'],
    ['timed out', TIMEOUT, 'fall_back b, may bill twice'],
    ['gave no first token', { kind: 'first_token_timeout' }, 'fall_back b, may bill twice'],
    ['got a 503', DOWN, 'fall_back b'],
    ['got a 408', { kind: 'http_error', status: 408 }, 'fall_back b'],
    ['got a 400', BAD_REQUEST, 'not_worth_another_try'],
    ['got a 404', { kind: 'http_error', status: 404 }, 'not_worth_another_try'],
    ['got a 429', limited(), 'fall_back b'],
    ['broke off', { kind: 'broken_reply' }, 'fall_back b, may bill twice'],
    ['was no reply', { kind: 'malformed_reply' }, 'fall_back b, may bill twice'],
    ['found no funds', NO_FUNDS, 'fall_back c'],
  ])('that %s the next step is as the table says', (_name, outcome, expected) => {
    expect(name(after([at(A, outcome)]))).toBe(expected);
  });

  it.each<[string, Partial<FallBackInput>, string]>([
    ['content has gone out', { contentSent: true }, 'content_sent'],
    ['the deadline has come', { remainingMs: 0 }, 'deadline'],
    ['no target is left', { remaining: [] }, 'no_target_left'],
    ['the only one left was called before', { remaining: planned(A) }, 'no_target_left'],
    ['fallback is off', { fallback: { ...FALLBACK, enabled: false } }, 'no_target_left'],
    [
      'the trigger is not configured',
      { fallback: { ...FALLBACK, triggers: ['timeout'] } },
      'not_worth_another_try',
    ],
    ['no further attempt is allowed', { fallback: { ...FALLBACK, maxAttempts: 0 } }, 'attempts_used_up'],
  ])('that failed the request is given up when %s', (_name, fields, expected) => {
    expect(name(after([at(A, DOWN)], fields))).toBe(expected);
  });

  it('gives up after max_fallback_attempts further targets, retries not counted', () => {
    const fallback = { ...FALLBACK, maxAttempts: 1 };
    expect(name(after([at(A, DOWN), at(A, DOWN)], { fallback }))).toBe('fall_back b');
    expect(name(after([at(A, DOWN), at(B, DOWN)], { fallback }))).toBe('attempts_used_up');
  });

  it('never goes back to a key without funds later on', () => {
    const steps = after([at(A, NO_FUNDS), at(OTHER_KEY, DOWN)], { remaining: planned(B) });
    expect(name(steps)).toBe('no_target_left');
  });
});

describe('a refused key', () => {
  it('is read afresh once, and the target tried again at once', () => {
    expect(after([at(A, NO_KEY)], { circuitClosed: false })).toEqual({
      kind: 'retry',
      target: A,
      afterMs: 0,
      refreshSecret: true,
      mayBillTwice: false,
    });
  });

  it('that is refused again sends the request to a target with another key', () => {
    expect(name(after([at(A, NO_KEY), at(A, NO_KEY, true)]))).toBe('fall_back c');
    expect(name(after([at(A, NO_KEY), at(A, NO_KEY, true)], { remaining: planned(B) }))).toBe(
      'no_target_left',
    );
  });

  it('is not read afresh again for another target that has the same', () => {
    const attempts = [at(A, NO_KEY), at(A, DOWN, true), at(B, NO_KEY)];
    expect(name(after(attempts, { remaining: planned(OTHER_KEY) }))).toBe('fall_back c');
  });
});

describe('a retry', () => {
  it.each<[string, Outcome, string]>([
    ['a refused connection', REFUSED, 'retry a'],
    ['a reset connection, saying so', RESET, 'retry a, may bill twice'],
    ['a 503', DOWN, 'retry a'],
    ['a broken reply, saying so', { kind: 'broken_reply' }, 'retry a, may bill twice'],
    ['a 429 whose Retry-After fits', limited(1_500), 'retry a'],
    ['no 429 whose Retry-After does not fit', limited(2_001), 'fall_back b'],
    ['no 429 without Retry-After', limited(), 'fall_back b'],
    ['no timeout', TIMEOUT, 'fall_back b, may bill twice'],
    ['no missing first token', { kind: 'first_token_timeout' }, 'fall_back b, may bill twice'],
    ['no 400', BAD_REQUEST, 'not_worth_another_try'],
    ['no empty account', NO_FUNDS, 'fall_back c'],
  ])('follows %s', (_name, outcome, expected) => {
    expect(name(after([at(A, outcome)], { retry: RETRY }))).toBe(expected);
  });

  it.each<[string, Partial<FallBackInput>]>([
    ['the circuit has opened', { circuitClosed: false }],
    ['the deadline comes before the wait is over', { remainingMs: 100 }],
  ])('is not made when %s', (_name, fields) => {
    expect(name(after([at(A, DOWN)], { retry: RETRY, ...fields }))).toBe('fall_back b');
  });

  it('is made max_retries times for each target', () => {
    const retry = { ...RETRY, maxRetries: 2 };
    expect(name(after([at(A, DOWN), at(A, DOWN)], { retry }))).toBe('retry a');
    expect(name(after([at(A, DOWN), at(A, DOWN), at(A, DOWN)], { retry }))).toBe('fall_back b');
    expect(name(after([at(A, DOWN), at(B, DOWN)], { retry }))).toBe('retry b');
  });

  it.each([
    ['half of the first backoff', 1, 0.5, DOWN, 100],
    ['half of the doubled one', 2, 0.5, DOWN, 200],
    ['nothing when chance says so', 3, 0, DOWN, 0],
    ['at most max_backoff', 9, 0.9999999, DOWN, 2_000],
    ['as long as Retry-After says', 1, 0.5, { ...DOWN, retryAfterMs: 900 }, 900],
  ] as const)('waits %s', (_name, tries, random, outcome, expected) => {
    const attempts = Array.from({ length: tries }, () => at(A, outcome));
    const step = after(attempts, { retry: { ...RETRY, maxRetries: 99 }, random });
    expect(step).toMatchObject({ kind: 'retry', afterMs: expected });
  });
});

describe('every request', () => {
  const outcome = fc.constantFrom(
    REFUSED,
    RESET,
    DOWN,
    TIMEOUT,
    NO_KEY,
    NO_FUNDS,
    BAD_REQUEST,
    limited(),
    limited(10),
  );

  it('ends, and calls no more than the plan, the retries and one fresh secret allow', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 60, maxLength: 60 }), fc.nat(3), (outcomes, maxRetries) => {
        const targets = [A, B, OTHER_KEY, aTarget('d')];
        const attempts: Attempt[] = [];
        let target = A;
        let freshSecret = false;
        for (;;) {
          attempts.push(at(target, outcomes[attempts.length] ?? DOWN, freshSecret));
          const place = targets.indexOf(target);
          const remaining = planned(...targets.slice(place + 1));
          const step = after(attempts, { remaining, retry: { ...RETRY, maxRetries } });
          if (step.kind === 'give_up') break;
          target = step.kind === 'retry' ? step.target : step.to.target;
          freshSecret = step.kind === 'retry' && step.refreshSecret;
        }
        expect(attempts.length).toBeLessThanOrEqual(targets.length * (1 + maxRetries) + 2);
        expect(new Set(attempts.map((attempt) => attempt.target.id)).size).toBeLessThanOrEqual(
          1 + FALLBACK.maxAttempts,
        );
      }),
    );
  });
});
