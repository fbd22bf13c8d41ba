/** Ids sort by time and hold no more than the alphabet; timestamps have microseconds. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newEventId, newUlid, timestampOf } from '../../../lambda/audit/event-id.ts';

describe('an event id', () => {
  it('is evt_ and 26 letters of the base 32 of ULIDs', () => {
    expect(newEventId(1_469_918_176_385, () => 0)).toBe('evt_01ARYZ6S410000000000000000');
    expect(newEventId(0, () => 1 - Number.EPSILON)).toBe('evt_0000000000ZZZZZZZZZZZZZZZZ');
  });

  it('sorts by time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [newUlid(a, Math.random), newUlid(b, Math.random)];
        expect(first.slice(0, 10) < second.slice(0, 10)).toBe(a < b);
      }),
    );
  });
});

describe('a timestamp', () => {
  it.each([
    [1_762_000_000_000, '2025-11-01T12:26:40.000000Z'],
    [1_762_000_000_000.5, '2025-11-01T12:26:40.000500Z'],
    [1_762_000_000_123.25, '2025-11-01T12:26:40.123250Z'],
    [0.75, '1970-01-01T00:00:00.000750Z'],
    [1_762_000_000_999.5, '2025-11-01T12:26:40.999500Z'],
    [1_762_000_001_000, '2025-11-01T12:26:41.000000Z'],
    [1_762_000_000_000, '2025-11-01T12:26:40.000000Z'],
  ])('of %d is %s', (now, text) => {
    expect(timestampOf(now)).toBe(text);
  });
});
