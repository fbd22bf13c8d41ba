/** Each kind of personal data as people write it, and what only looks like it. */
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../../../lambda/config/settings/entity-types.ts';
import { ENTITIES } from '../../../../lambda/detectors/pii/entities/index.ts';
import { findPersonalData, type SearchSettings } from '../../../../lambda/detectors/pii/search.ts';

/** The text with every finding in guillemets and its kind before it. */
function marked(text: string, settings: Partial<SearchSettings> = {}): string {
  let shown = '';
  let offset = 0;
  for (const { type, start, end } of findPersonalData(text, settings)) {
    shown += `${text.slice(offset, start)}«${type}:${text.slice(start, end)}»`;
    offset = end;
  }
  return shown + text.slice(offset);
}

const withoutMarks = (text: string): string => text.replace(/«[A-Z_]+:([^»]*)»/g, '$1');

const found: Readonly<Record<string, readonly string[]>> = {
  'e-mail': [
    'write to «EMAIL:anna.keller+tag@mail.example.co.uk».',
    '<«EMAIL:x@y.example»>, «EMAIL:o.neil@example.org»;',
    '?to=«EMAIL:john%40example.com»',
    '«EMAIL:jürgen@münchen.example» und **«EMAIL:a@b.example»**',
  ],
  phone: [
    'call «PHONE:5551234567» or «PHONE:555-0123»',
    '«PHONE:(555) 123-4567», «PHONE:555.123.4567», «PHONE:1-555-123-4567»',
    'Tel.: «PHONE:0171/2345678»',
    '«PHONE:06 12 34 56 78»',
    '«PHONE:(11) 98765-4321»',
    '«PHONE:+86 138 0013 8000», «PHONE:+33 (0)1 42 68 53 00», «PHONE:0044 20 7946 0958»',
    'meine Nummer: Handy «PHONE:01701234567»',
    'an «PHONE:0151 23456789» behind a word, Support#«PHONE:(415) 555-0132», tel=«PHONE:4155550132»',
    '9761 Main, «PHONE:9761 9808» office',
    '«PHONE:50-98-28-96»-Office',
  ],
  'US social security': [
    'my SSN is «SSN:123-45-6789»',
    'social security number «SSN:536904399»',
    '«SSN:536 90 4399»',
    'ITIN «ITIN:912-70-1234»',
  ],
  card: [
    '«CREDIT_CARD:4111 1111 1111 1111», «CREDIT_CARD:378282246310005»',
    '«CREDIT_CARD:41111111 11111111» and «CREDIT_CARD:5500-0000-0000-0004»',
    'in 2024 «CREDIT_CARD:4111 1111 1111 1111» 12',
  ],
  'card details': [
    '«CREDIT_CARD:4111 1111 1111 1111» «EXPIRY:12/27» «CVV:123»',
    'card «CREDIT_CARD:4111 1111 1111 1111», exp. «EXPIRY:09/2026», CVC «CVV:999»',
    'código de seguridad «CVV:123»',
  ],
  IBAN: [
    'to «IBAN:DE89 3704 0044 0532 0130 00» please',
    '«IBAN:GB82 WEST 1234 5698 7654 32» and more',
    'iban «IBAN:fr1420041010050500013m02606»',
  ],
  network: [
    'from «IP_ADDRESS:192.168.17.4», «IP_ADDRESS:10.0.0.8»/8, «IP_ADDRESS:192.168.1.1»:8080',
    '«IP_ADDRESS:2001:db8:85a3::8a2e:370:7334» and [«IP_ADDRESS:fe80::1ff:fe23:4567:890a»]',
    'ping «IP_ADDRESS:8.8.8.8»',
    '«MAC_ADDRESS:00:1b:63:84:45:e6», «MAC_ADDRESS:001b.6384.45e6»',
  ],
  documents: [
    'passport number «US_PASSPORT:123456789», passport «US_PASSPORT:A12345678»',
    'Reisepass «PASSPORT:C01X00T47»',
    "driver's license «DRIVERS_LICENSE:D123-4567-8901»",
    'permis de conduire «DRIVERS_LICENSE:12AA34567»',
    '«DRIVERS_LICENSE:MORGA657054SM9IJ»',
  ],
  'national identifiers': [
    'NHS number «NHS:943 476 5919», SIN «SIN:046 454 286»',
    '«NIE:X1234567L», «NIF:12345678-Z», «CPF:529.982.247-25», «AADHAAR:2341 2341 2346», «PAN:ABCPE1234F»',
    '«CODICE_FISCALE:RSSMRA85T10A562S»',
    'sécurité sociale «NATIONAL_ID:2 55 08 14 168 025 38»',
    'Steuer-ID «NATIONAL_ID:36574261809», «NATIONAL_ID:15 070649 C 103»',
    'BSN «NATIONAL_ID:111222333», NISS «NATIONAL_ID:85.07.30-033.28», PESEL «NATIONAL_ID:44051401359»',
    'contribuinte «NATIONAL_ID:123456789», «NATIONAL_ID:811218-9876», «NATIONAL_ID:131052-308T»',
    '«NATIONAL_ID:15021951940» «NATIONAL_ID:756.9217.0769.85»',
    'NINO «NATIONAL_ID:AB 12 34 56 C», PPS «NATIONAL_ID:1234567T», CNP «NATIONAL_ID:1800101221144»',
    'EGN «NATIONAL_ID:7523169263», TFN «NATIONAL_ID:123456782», TCKN «NATIONAL_ID:10000000146»',
    '«NATIONAL_ID:11010519491231002X», «NATIONAL_ID:900101-1234567», «NATIONAL_ID:S1234567D»',
    '«NATIONAL_ID:12.345.678-5», «NATIONAL_ID:20-12345678-6», «NATIONAL_ID:8001015009087»',
    'my number «NATIONAL_ID:123456789018», «NATIONAL_ID:HEGG560427MVZRRL04»',
    'teudat zehut «NATIONAL_ID:123456782»',
  ],
  wallets: [
    '«CRYPTO_WALLET:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»',
    '«CRYPTO_WALLET:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»',
    '«CRYPTO_WALLET:0x52908400098527886E0F7030069857D2E4169EE7»',
  ],
  secrets: [
    'key «SECRET:AKIAIOSFODNN7EXAMPLE».',
    '«SECRET:sk-proj-Ab3dEf6hIj9kLm2nOp5q», «SECRET:xoxb-123456789012-abcdefGHIJ»',
    'Authorization: Bearer «SECRET:abcdefghijkl.MNOP-1234»',
    '«SECRET:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln»',
    'password: «SECRET:hunter2pass», {"api_key": "«SECRET:abcd1234efgh5678»"}',
    'AIMLAPI_KEY=«SECRET:0123456789abcdef0123456789abcdef»',
    'aws_secret_access_key = «SECRET:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»',
    'postgres://«SECRET:admin:s3cr3t»@db.example:5432/main',
    '«SECRET:-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1\n-----END OPENSSH PRIVATE KEY-----» after',
  ],
};

const notFound: readonly string[] = [
  'order number 123456789, invoice 987-65-432',
  'order 123 45 6789',
  '4111 1111 1111 1112 and 1234 5678 9012 3456',
  'GB82 WEST 1234 5698 7654 33',
  'ISBN 978-3-16-148410-0, price $1,234,567.89',
  '2024-01-31 10:30:12, 01/02/2023, 1990-2000',
  'version 10.0.19041.1, section 1.2.3.4, at 127.0.0.1 or ::1',
  'std::vector<int> a::b',
  'lat 48.8566, lon 2.3522, pi is 3.14159265358979',
  'UUID 550e8400-e29b-41d4-a716-446655440000',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'tracking 1Z999AA10123456784, timestamp 1700000000000',
  '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18',
  'git@github.com:org/repo.git, logo@2x.png, @scope/pkg@1.2.3',
  'class sk-button-primary-large-outline, password: required',
  'Meeting ID: 987654321, 00100000 01000010 binary',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'my number is 42, see page 1234',
  'the CVV is on the back; in 2024 we grew 3.5 %',
];

describe('what is found', () => {
  it.each(Object.entries(found).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const)))(
    '%s: %s',
    (_, text) => {
      expect(marked(withoutMarks(text))).toBe(text);
    },
  );
});

describe('what is left alone', () => {
  it.each(notFound)('%s', (text) => {
    expect(marked(text)).toBe(text);
  });
});

describe('modes and lists of kinds', () => {
  it.each([
    ['NPI «NPI:1234567893», DEA «DEA:AB1234563»', { healthcareMode: true }],
    ['MRN: «MRN:A-123456», Medicare «HEALTH_INSURANCE_ID:1EG4-TE5-MK73»', { healthcareMode: true }],
    ['member id «HEALTH_INSURANCE_ID:W123456789»', { healthcareMode: true }],
    ['MRN: A-123456', {}],
    ['CVV 123', { pciMode: false }],
    ['a@b.example and «SSN:123-45-6789»', { entities: ['SSN'] }],
    ['«PERSON:Anna Maria Keller» writes to «EMAIL:a@b.example»', { entities: ['PERSON'] }],
    ['Dear Dr. «PERSON:Ana de Souza», thank you', { entities: ['PERSON'] }],
    ['ich heiße «PERSON:Käthe Müller» und', { entities: ['PERSON'] }],
    ['Berlin Wall and New York', { entities: ['PERSON'] }],
    ['lives at «ADDRESS:12 Baker Street, London», I think', { entities: ['ADDRESS'] }],
    ['«ADDRESS:Hauptstraße 5a, 10115 Berlin»', { entities: ['ADDRESS'] }],
    ['au «ADDRESS:14 rue de la Paix, 75002 Paris».', { entities: ['ADDRESS'] }],
    ['en «ADDRESS:Calle Mayor, 7»', { entities: ['ADDRESS'] }],
    [
      'born on «DATE_OF_BIRTH:3/23/1940», and after a long and happy life died 1/2/2003',
      { entities: ['DATE_OF_BIRTH'] },
    ],
    ['geboren am «DATE_OF_BIRTH:12. März 1985»', { entities: ['DATE_OF_BIRTH'] }],
    ['DOB: «DATE_OF_BIRTH:March 12, 1985»', { entities: ['DATE_OF_BIRTH'] }],
    ['id «EMPLOYEE:EMP-12»', { detectPatterns: [{ name: 'EMPLOYEE', pattern: String.raw`EMP-\d+` }] }],
  ] as const)('%s', (text, settings) => {
    expect(marked(withoutMarks(text), settings)).toBe(text);
  });

  it('knows every kind that the configuration may name', () => {
    expect(ENTITY_TYPES.filter((type) => !ENTITIES.includes(type))).toEqual([]);
  });
});

describe('disguises', () => {
  it.each([
    ['zero-width characters', (text: string) => Array.from(text).join('\u200b')],
    ['soft hyphens', (text: string) => Array.from(text).join('\u00ad')],
    [
      'full-width characters',
      (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
    ],
    [
      'mathematical digits',
      (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
    ],
    [
      'Arabic digits',
      (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
    ],
    ['exotic hyphens and spaces', (text: string) => text.replaceAll('-', '\u2011').replaceAll(' ', '\u2009')],
  ])('%s hide nothing', (_, disguise) => {
    const values = [
      '123-45-6789',
      '4111 1111 1111 1111',
      'anna@example.org',
      'DE89 3704 0044 0532 0130 00',
      '192.168.17.4',
    ];
    for (const value of values) {
      const text = disguise(value);
      expect(findPersonalData(`(${text})`).map(({ start, end }) => [start > 0, end])).toEqual([
        [true, text.length + 1],
      ]);
    }
  });
});
