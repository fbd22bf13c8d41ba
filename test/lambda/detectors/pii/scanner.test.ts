/** Joined scanners, and what a swallowed secret takes with it. */
import { describe, expect, it } from 'vitest';
import type { Finding, Scanner } from '../../../../lambda/detectors/pii/finding.ts';
import { joinScanners } from '../../../../lambda/detectors/pii/scanner.ts';
import { swallowArmour, swallowToken } from '../../../../lambda/detectors/pii/swallow.ts';

/** A scanner that has decided up to `lag` units before the end, and knows its findings beforehand. */
function aScanner(findings: readonly Finding[], lag: number): Scanner {
  const waiting = [...findings];
  return {
    scan(text, base, atEnd, found) {
      const safe = atEnd ? base + text.length : Math.max(0, base + text.length - lag);
      while (waiting[0] !== undefined && waiting[0].start < safe) found.push(...waiting.splice(0, 1));
      return safe;
    },
  };
}

const a: Finding = { type: 'A', start: 2, end: 4 };
const b: Finding = { type: 'B', start: 1, end: 3 };

describe('joined scanners', () => {
  it('report in the order of starts, as far as the slowest has decided', () => {
    const joined = joinScanners([aScanner([a], 0), aScanner([b], 3)]);
    const found: Finding[] = [];
    expect(joined.scan('12345', 0, false, found)).toBe(2);
    expect(found).toEqual([b]);
    expect(joined.scan('123456', 0, false, found)).toBe(3);
    expect(found).toEqual([b, a]);
  });

  it('report everything at the end', () => {
    const found: Finding[] = [];
    expect(joinScanners([aScanner([a], 0), aScanner([b], 9)]).scan('12345', 0, true, found)).toBe(5);
    expect(found).toEqual([b, a]);
  });

  it('put what goes on first at the same start, then the scanner named first', () => {
    const more: Finding = { type: 'SECRET', start: 2, end: 3, more: true };
    const other: Finding = { type: 'C', start: 2, end: 9 };
    const found: Finding[] = [];
    joinScanners([aScanner([a], 0), aScanner([other], 0), aScanner([more], 0)]).scan('12345', 0, true, found);
    expect(found).toEqual([more, a, other]);
  });

  it('are the scanner itself when there is one', () => {
    const only = aScanner([], 0);
    expect(joinScanners([only])).toBe(only);
  });
});

describe('a swallowed token', () => {
  it.each([
    ['abc def', 3, true],
    ['abc', 3, false],
    ['a.b c', 3, true],
    ['abc. d', 3, true],
    ['abc.', 3, false],
    ['a\u200bb"', 3, true],
    ['ab価', 2, true],
  ] as const)('of %j goes to %i', (text, index, isOver) => {
    expect(swallowToken().read(text, 0, false)).toEqual({ index, isOver });
  });

  it('ends before a full stop at the end of the text', () => {
    expect(swallowToken().read('abc.', 0, true)).toEqual({ index: 3, isOver: true });
  });
});

describe('a swallowed PEM block', () => {
  it('ends behind its last line', () => {
    const text = '\nMIIB\n-----END PRIVATE KEY----- after';
    expect(swallowArmour().read(text, 0, false)).toEqual({ index: text.indexOf(' after'), isOver: true });
  });

  it('ends at what no such block contains', () => {
    expect(swallowArmour().read('\nMIIB\n(see above)', 0, false)).toEqual({ index: 6, isOver: true });
  });

  it('goes on over the border of two chunks', () => {
    const swallow = swallowArmour();
    expect(swallow.read('AAAA\n---', 0, false)).toEqual({ index: 8, isOver: false });
    expect(swallow.read('--END KEY---', 0, false)).toEqual({ index: 12, isOver: false });
    expect(swallow.read('--x', 0, false)).toEqual({ index: 2, isOver: true });
  });
});
