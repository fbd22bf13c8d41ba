/** Whatever an error body holds, reading it neither throws nor forgets the bounds. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isErrorFrame,
  readErrorFrame,
  readUpstreamProblem,
} from '../../../lambda/upstream/aimlapi-errors.ts';
import { readErrorBody } from '../../../lambda/upstream/error-body.ts';
import { parseObject } from '../../../lambda/wire/json-value.ts';

describe('for any body', () => {
  const field = fc.constantFrom(
    'error',
    'message',
    'statusCode',
    'status',
    'meta',
    '_errors',
    'details',
    'path',
    'reason',
    'code',
    'param',
    'type',
    'title',
    'detail',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(field, tie('tree'), { maxKeys: 5 }),
    ),
  }));

  it('there is a problem with a status, a code and a bounded message', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 300, max: 599 }), (value, status) => {
        const body = JSON.stringify(value);
        const { problem } = readUpstreamProblem({ status, headers: {}, body, provider: 'aimlapi' });
        expect(problem.status).toBeGreaterThanOrEqual(400);
        expect(problem.code).toMatch(/^[\w.-]{1,64}$/);
        expect(problem.message.length).toBeGreaterThan(0);
        expect(problem.message.length).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 300 },
    );
  });

  it('a frame is judged without a throw', () => {
    fc.assert(
      fc.property(fc.dictionary(field, tree), (value) => {
        const data = parseObject(JSON.stringify(value)) ?? {};
        expect([true, false]).toContain(isErrorFrame(data));
        expect(readErrorFrame(data).problem.status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 300 },
    );
  });
});

describe('readErrorBody', () => {
  it('does not follow zod’s tree without end', () => {
    const deep = '{"a":'.repeat(5000) + '{"_errors":["x"]}' + '}'.repeat(5000);
    expect(readErrorBody(`{"message":"m","meta":${deep}}`)).toEqual({ message: 'm' });
  });

  it('says a reason once', () => {
    const details = [{ path: 'tools', reason: 'is null' }];
    expect(readErrorBody(JSON.stringify({ error: { message: 'tools is null', details } }))).toEqual({
      message: 'tools is null',
      param: 'tools',
    });
  });

  it('takes a reason for the message where there is none', () => {
    expect(readErrorBody('{"meta":{"model":{"_errors":["Required"]}}}')).toEqual({
      message: 'Required',
      param: 'model',
    });
  });

  it.each(['', '   ', '[]', 'null', '7'])('of %j there is the text or nothing', (text) => {
    expect(readErrorBody(text)).toEqual(text.trim() === '' ? {} : { message: text });
  });
});
