/** Regions: where a lane is cut, what is held, and what is decided before the end of a region. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../lambda/detectors/pii/finding.ts';
import type { FindInRegion } from '../../../../lambda/detectors/pii/region-finder.ts';
import { createRegionScanner } from '../../../../lambda/detectors/pii/region-scanner.ts';

/** The regions that are searched in a text, cut into chunks. */
function regionsOf(chunks: readonly string[], brackets = false): readonly string[] {
  const seen: string[] = [];
  const find: FindInRegion = (text, start, end) => {
    seen.push(text.slice(start, end));
    return [];
  };
  const scanner = createRegionScanner({ find, brackets, keys: true });
  let text = '';
  for (const chunk of chunks) {
    text += chunk;
    scanner.scan(text, 0, false, []);
  }
  scanner.scan(text, 0, true, []);
  return seen;
}

/** How much of a text is undecided when it has arrived and more may come. */
function heldOf(text: string): string {
  const scanner = createRegionScanner({ find: () => [], brackets: false, keys: true });
  return text.slice(scanner.scan(text, 0, false, []));
}

describe('a region', () => {
  it.each([
    ['is a word with a digit or a sign', 'see a1 and x@y here', ['a1', 'x@y']],
    ['is not a plain word', 'nothing to see here', []],
    ['is a word as long as a key', 'abcdefghijklmnopqrst', ['abcdefghijklmnopqrst']],
    ['goes on over one gap between digits', 'at 4111 1111 1111 now', ['4111 1111 1111']],
    ['goes on over a hyphen with spaces', '555 - 123 - 4567.', ['555 - 123 - 4567.']],
    ['goes on into brackets', 'call (555) 123-4567', ['(555) 123-4567']],
    ['does not go on over a wide gap', '4111    1111', ['4111', '1111']],
    ['does not go on over a line', '4111\n1111', ['4111', '1111']],
    ['does not go on over a comma', '4111, 1111', ['4111', '1111']],
    ['gives a word after digits back', 'in 2024 The end', ['2024']],
    ['keeps the letters of a code', 'AB 12 34 56 C.', ['AB 12 34 56 C.']],
    ['keeps the bank of an IBAN', 'GB82 WEST 1234 x', ['GB82 WEST 1234']],
    ['keeps a word that names a phone', '9761 9808 office at', ['9761 9808 office']],
    ['drops a word that does not', '9761 9808 offers', ['9761 9808']],
    ['starts at a plus', '1234 +49 30 1', ['1234', '+49 30 1']],
    ['ends at scripts without spaces', '电话13812345678谢谢', ['13812345678']],
    ['ends at quotes and braces', '{"a1":"b2"}', ['a1', 'b2']],
    ['holds what is invisible', 'a 1\u200b2\u00ad3 b', ['1\u200b2\u00ad3']],
    ['follows a label in one token', 'tel:+49 30 901', ['tel:+49 30 901']],
  ] as const)('%s', (_, text, regions) => {
    expect(regionsOf([text])).toEqual(regions);
    expect(regionsOf(text.split(''))).toEqual(regions);
  });

  it('is a placeholder in brackets where placeholders are looked for', () => {
    expect(regionsOf(['to[EMAIL_1]x [a] b'], true)).toEqual(['[EMAIL_1]', '[a]']);
    expect(regionsOf(['to [EMAIL_1]'])).toEqual(['EMAIL_1']);
  });

  it.each([
    ['a word', 'the quick bro', 'bro'],
    ['digits and a gap', 'in 2024 ', '2024 '],
    ['digits and what may be a code', 'in 2024 T', '2024 T'],
    ['digits and what may name them', '9761 9808 off', '9761 9808 off'],
    ['the head of a PEM block', 'x -----BEGIN RSA PRIV', '-----BEGIN RSA PRIV'],
    ['nothing behind a space', 'the end ', ''],
    ['nothing of a number before a word', 'in 2024 the ', ''],
    ['nothing of scripts without spaces', '价格', ''],
  ])('holds %s', (_, text, held) => {
    expect(heldOf(text)).toBe(held);
  });

  it.each([
    ['a token', 'ab1'],
    ['groups of digits', '123 '],
    ['a token with invisible characters', 'a1\u200b'],
  ])('is decided from the front when it grows long: %s', (_, unit) => {
    expect(heldOf(unit.repeat(2_000)).length).toBeLessThan(1_000);
  });

  it('of base64 is let through after a while', () => {
    expect(heldOf('QUJDREVG'.repeat(100))).toBe('');
    expect(heldOf('data:image/png;base64,QUJ')).toBe('');
  });
});

describe('a secret without a greatest length', () => {
  const find: FindInRegion = (text, start, end) => [{ type: 'SECRET', start, end, grows: text.length > 0 }];

  it('is reported at a fixed length, then piece by piece', () => {
    const scanner = createRegionScanner({ find, brackets: false, keys: true });
    const found: Finding[] = [];
    const text = 'x'.repeat(60);
    expect(scanner.scan(text, 0, false, found)).toBe(60);
    expect(scanner.scan(`${text}yy 7`, 0, true, found)).toBe(64);
    expect(found).toEqual([
      { type: 'SECRET', start: 0, end: 40 },
      { type: 'SECRET', start: 40, end: 60, more: true },
      { type: 'SECRET', start: 60, end: 62, more: true },
      { type: 'SECRET', start: 63, end: 64 },
    ]);
  });

  it('ends before the full stop of its sentence', () => {
    const scanner = createRegionScanner({ find, brackets: false, keys: true });
    const found: Finding[] = [];
    const text = `${'x'.repeat(50)}.`;
    expect(scanner.scan(text, 0, false, found)).toBe(50);
    scanner.scan(`${text} `, 0, true, found);
    expect(found.filter(({ more }) => more)).toEqual([{ type: 'SECRET', start: 40, end: 50, more: true }]);
  });
});
