/** The kinds of personal data that have a name, for `policy.pii-detector.entities` and for markers. */

/** Every name that `entities` may list. */
export const ENTITY_TYPES = [
  'EMAIL',
  'PHONE',
  'SSN',
  'CREDIT_CARD',
  'CVV',
  'EXPIRY',
  'IBAN',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'US_PASSPORT',
  'PASSPORT',
  'DRIVERS_LICENSE',
  'ITIN',
  'NHS',
  'SIN',
  'NIE',
  'NIF',
  'CPF',
  'AADHAAR',
  'PAN',
  'CODICE_FISCALE',
  'NATIONAL_ID',
  'CRYPTO_WALLET',
  'SECRET',
  'MRN',
  'HEALTH_INSURANCE_ID',
  'NPI',
  'DEA',
  'PERSON',
  'ADDRESS',
  'DATE_OF_BIRTH',
] as const;

export type EntityType = (typeof ENTITY_TYPES)[number];

/** What a custom pattern without a name is reported as. */
export const NAMELESS_PATTERN = 'CUSTOM';

/** A custom pattern's name as it stands in markers and events: upper case, words joined by `_`. */
export function entityName(written: string): string {
  return written.toUpperCase().replace(/[\s-]+/g, '_');
}
