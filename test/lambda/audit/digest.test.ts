/** Digests are HMAC-SHA-256 as Node computes it, whatever the key, the length and the split. */
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestsUnder } from '../../../lambda/audit/digest.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  // Around the length from which a text is no longer gathered.
  fc
    .tuple(fc.constantFrom('a', 'é', '漢', '\u{1f600}'), fc.integer({ min: 0, max: 5000 }))
    .map(([letter, count]) => letter.repeat(count)),
);
const key = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ minLength: 60, maxLength: 70 }),
  fc.constant('ключ'.repeat(30)),
);

it('digests are those of Node for any texts in any parts', () => {
  fc.assert(
    fc.property(key, fc.array(text, { maxLength: 6 }), (secret, parts) => {
      const digest = digestsUnder(secret)();
      for (const part of parts) digest.update(part);
      const expected = createHmac('sha256', secret).update(parts.join(''), 'utf8').digest('hex');
      expect(digest.hex()).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

it('digests that are made side by side do not meet', () => {
  const create = digestsUnder('key');
  const [one, other] = [create(), create()];
  one.update('a');
  other.update('b');
  one.update('c');
  expect(one.hex()).toBe(createHmac('sha256', 'key').update('ac').digest('hex'));
  expect(other.hex()).toBe(createHmac('sha256', 'key').update('b').digest('hex'));
});

// RFC 4231, test case 2.
it('a digest is the one that the standard gives', () => {
  const digest = digestsUnder('Jefe')();
  digest.update('what do ya want for nothing?');
  expect(digest.hex()).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});
