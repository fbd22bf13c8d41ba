/** Patterns of the configuration: the same matches as the engine's own search, however the text arrives. */
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../lambda/detectors/pii/finding.ts';
import {
  createPatternScanner,
  LONGEST_HELD,
} from '../../../../lambda/detectors/pii/patterns/pattern-scanner.ts';
import { compilePattern, PatternError } from '../../../../lambda/detectors/pii/patterns/program.ts';

const PATTERNS = [
  'ab+c',
  'a(b*c)?',
  '(ab|abab)c?',
  '(?i)b[a-c]{2,3}',
  String.raw`\bab\b`,
  String.raw`\Bc`,
  '^a',
  'c$',
  '(?m)^b.*$',
  '(?s)a.*?c',
  'a.*c',
  String.raw`[^\sa]+`,
  String.raw`\d{2,3}-?\d`,
  '(a|b)*?c',
  'é|ß',
  String.raw`\p{Greek}+`,
];

const texts = fc.string({ unit: fc.constantFrom(...'aabbccAC 1-\nβé'.split(''), '😀'), maxLength: 40 });

/** What the engine itself finds, empty matches left out. */
function engineMatches(pattern: string, text: string): readonly (readonly [number, number])[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const found: [number, number][] = [];
  while (matcher.find()) if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()]);
  return found;
}

function scan(pattern: string, chunks: readonly string[]): readonly Finding[] {
  const scanner = createPatternScanner(compilePattern(pattern), 'CUSTOM');
  const found: Finding[] = [];
  let text = '';
  for (const chunk of chunks) {
    text += chunk;
    scanner.scan(text, 0, false, found);
  }
  scanner.scan(text, 0, true, found);
  return found;
}

describe('a pattern', () => {
  it.each(PATTERNS)(
    '%s matches where the engine says, in one piece and character by character',
    (pattern) => {
      fc.assert(
        fc.property(texts, (text) => {
          const expected = engineMatches(pattern, text);
          const whole = scan(pattern, [text]).map(({ start, end }) => [start, end]);
          const pieces = scan(pattern, Array.from(text)).map(({ start, end }) => [start, end]);
          expect(pieces).toEqual(whole);
          expect(whole).toEqual(expected);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each([
    ['zero-width characters within it', 'E\u200bMP-1\u200b2', [0, 8]],
    ['full-width digits', 'EMP-１２', [0, 6]],
    ['another hyphen', 'EMP\u201112', [0, 6]],
  ])('is not hidden by %s', (_, text, range) => {
    expect(scan(String.raw`EMP-\d\d`, [text]).map(({ start, end }) => [start, end])).toEqual([range]);
  });

  it('holds from the earliest start that is still alive, and nothing else', () => {
    const scanner = createPatternScanner(compilePattern(String.raw`\d{3}-\d{4}`), 'CUSTOM');
    expect(scanner.scan('call 12', 0, false, [])).toBe(5);
    expect(scanner.scan('call 123', 0, false, [])).toBe(5);
    expect(scanner.scan('call 123 ', 0, false, [])).toBe(9);
  });

  it('is held up to a limit, behind which what follows is still hidden', () => {
    const text = `a${'x'.repeat(LONGEST_HELD + 100)}c`;
    const [finding] = scan('a.*c', [text]);
    expect(finding).toEqual({ type: 'CUSTOM', start: text.length - LONGEST_HELD, end: text.length });
  });

  it.each(['(', String.raw`(a)\1`, '(?<=a)b', '(?=a)'])(
    'that the engine cannot run is refused: %s',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(PatternError);
    },
  );
});
