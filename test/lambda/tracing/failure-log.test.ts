/** A loss is told once a minute, with the number of those that were not told. */
import { describe, expect, it } from 'vitest';
import { failureLog } from '../../../lambda/tracing/failure-log.ts';

describe('the log of losses', () => {
  it.each([
    ['the first at once', [['a', 0]], [['a', 0]]],
    [
      'those within a minute with the next',
      [
        ['a', 0],
        ['a', 1],
        ['a', 59_999],
        ['a', 60_000],
      ],
      [
        ['a', 0],
        ['a', 2],
      ],
    ],
    [
      'each kind for itself',
      [
        ['a', 0],
        ['b', 1],
        ['a', 2],
        ['b', 60_001],
      ],
      [
        ['a', 0],
        ['b', 0],
        ['b', 0],
      ],
    ],
  ] as const)('tells %s', (_case, losses, told) => {
    let time = 0;
    const lines: unknown[] = [];
    const complain = failureLog(
      (_level, message, fields) => void lines.push([message, fields?.['not_logged_since']]),
      () => time,
    );
    for (const [message, at] of losses) {
      time = at;
      complain(message, 'reason');
    }
    expect(lines).toEqual(told);
  });
});
