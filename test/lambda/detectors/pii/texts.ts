/** Generated texts that are dense in personal data, in what nearly is, and in what could hide it. */
import * as fc from 'fast-check';

/** Invented values that pass their checks. */
export const VALUES = {
  EMAIL: [
    'anna.keller@example.org',
    'x@y.zz.example',
    'o’neil+tag@mail.example.co.uk',
    'jürgen@münchen.example',
  ],
  PHONE: ['+49 30 901820', '(555) 123-4567', '+1-202-555-0143', '06 12 34 56 78', '0044 20 7946 0958'],
  SSN: ['123-45-6789', '536 90 4399', 'SSN 536904399'],
  CREDIT_CARD: [
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '378282246310005',
    '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  ],
  IBAN: [
    'DE89 3704 0044 0532 0130 00',
    'GB82WEST12345698765432',
    'GB82 WEST 1234 5698 7654 32',
    'FR1420041010050500013M02606',
  ],
  IP_ADDRESS: ['192.168.17.4', '2001:db8:85a3::8a2e:370:7334', 'fe80::1ff:fe23:4567:890a'],
  PERSON: ['Dr. Ana de Souza', 'my name is Jonathan Ukkonen', 'Anna Maria Keller'],
  ADDRESS: ['12 Baker Street, London', 'Hauptstraße 5a, 10115 Berlin', '14 rue de la Paix, 75002 Paris'],
  DATE_OF_BIRTH: ['born on 3/23/1940', 'geboren am 12. März 1985', 'DOB: March 12, 1985'],
  CUSTOM: ['EMP-123456', 'case alpha beta', 'xyxyxyz', 'START of a note END'],
  MAC_ADDRESS: ['00:1b:63:84:45:e6'],
  SECRET: [
    'sk-proj-Ab3dEf6hIj9kLm2nOp5q',
    `ghp_${'a1B2'.repeat(12)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `Bearer ${'Zx9_'.repeat(30)}`,
    `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIx'.repeat(6)}.${'c2ln'.repeat(9)}`,
    'postgres://admin:s3cr3t@db.example:5432/main',
    `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(4)}-----END RSA PRIVATE KEY-----`,
  ],
} as const;

const nearMisses = [
  '123-45-678', '000-12-3456', '4111 1111 1111 1112', '4111', '1111', 'DE89', '3704 0044', 'GB82 WEST', '555-', '(555)',
  '10:30', '2024-01-31', 'v1.2.3', '1.2.3.4.5', '@', 'a@b', 'user@', '@host.example', 'sk-', 'sk-button-primary', 'eyJ', 'ghp_',
  '-----BEGIN', '-----BEGIN CERTIFICATE-----', '-----', 'PRIVATE KEY', 'Bearer', 'password=', 'http://', '::', '1::', '+', '00',
  ';base64,', 'data:image/png;base64,', 'QUJD'.repeat(150), '7'.repeat(300), 'a'.repeat(600), '1 '.repeat(120), '[EMAIL_1]', '[EMAIL', 'EMP-', 'case', 'alpha', 'xy', 'START', 'END', 'Dr.', 'Anna', '12 Baker', 'March 12,', '[[', ']',
]; // prettier-ignore
const words = [
  'the',
  'Order',
  'phone',
  'call',
  'SSN',
  'NO',
  'I',
  'card',
  'número',
  'для',
  '価格は',
  '🙂',
  '\ud83d',
  '\ude42',
  'passport',
  'born',
];
const gaps = [
  ' ',
  ' ',
  ' ',
  '',
  '',
  '  ',
  '\n',
  ', ',
  '. ',
  '-',
  '.',
  '/',
  ':',
  '=',
  '"',
  '(',
  ')',
  '\u00a0',
  '\u200b',
  '\u00ad',
  '\u3000',
  '\t',
  '\u2013',
];

const FULL_WIDTH = 0xfee0;

/** Ways to write the same thing so that a plain search misses it. */
const disguises: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => Array.from(text).join('\u200b'),
  (text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + FULL_WIDTH)),
  (text) => text.replace(/-/g, '\u2011').replace(/ /g, '\u00a0'),
  (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
];

const value = fc
  .tuple(fc.constantFrom(...Object.values(VALUES).flat()), fc.constantFrom(...disguises))
  .map(([text, disguise]) => disguise(text));
const truncated = fc.tuple(value, fc.nat()).map(([text, cut]) => text.slice(0, cut % (text.length + 1)));
const noise = fc.string({ unit: fc.constantFrom(...'0123456789 -.@+():/ABab_xé\u200b１'.split('')) });

const part = fc.oneof(
  { weight: 3, arbitrary: value },
  { weight: 2, arbitrary: truncated },
  { weight: 3, arbitrary: fc.constantFrom(...nearMisses) },
  { weight: 2, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: noise },
);

/** A text of up to a dozen parts with gaps between. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.tuple(part, fc.constantFrom(...gaps)), { maxLength: 12 })
  .map((parts) => parts.flat().join(''));

/** The same text cut anywhere, within surrogate pairs too. */
export const anySplit = (texts: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  texts.chain((text) =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(text.split('')) },
      {
        weight: 4,
        arbitrary: fc
          .uniqueArray(fc.nat({ max: Math.max(0, text.length) }), { maxLength: 12 })
          .map((cuts) => [0, ...cuts.sort((a, b) => a - b), text.length])
          .map((cuts) => cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut))),
      },
    ),
  );
