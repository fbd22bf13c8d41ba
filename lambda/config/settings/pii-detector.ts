/** What `policy.pii-detector` may say. */
import * as z from 'zod';
import { flag, text } from '../fields.ts';
import type { PiiDetectorSettings } from '../gateway-config.ts';
import { ENTITY_TYPES, entityName, NAMELESS_PATTERN } from './entity-types.ts';
import { pattern } from './pattern.ts';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9 _-]{0,63}$/)
  .meta({ allowed: 'a name of letters, digits, spaces, `_` and `-`, at most 64 characters' });

const redaction = z.strictObject({
  marker_format: z.enum(['label', 'asterisks', 'partial']).default('label').meta({
    description: '`label`: [EMAIL_REDACTED]; `asterisks`: ****; `partial`: j***@e***.com, ****1111.',
  }),
  include_metadata: flag(true, 'The event lists kind and position of every redaction.'),
  preserve_length: flag(false, 'A marker is cut or padded to the length of what it replaces.'),
  custom_markers: z
    .record(name, text(100))
    .default({})
    .meta({ description: 'Marker by kind of personal data, e.g. `EMAIL: "<mail>"`.' }),
  reversible: flag(
    false,
    'Placeholders such as [EMAIL_1] go upstream and the originals come back in the answer, within one request only.',
  ),
});

export const piiDetector = z.strictObject({
  action: z
    .enum(['redact', 'block'])
    .default('redact')
    .meta({ description: 'Redact replaces what was found; block refuses the request or the answer.' }),
  healthcare_mode: flag(false, 'Adds medical record numbers, health insurance ids, NPI and DEA numbers.'),
  pci_mode: flag(true, 'Card numbers (Luhn, issuer ranges), and CVV and expiry near a card.'),
  detect_patterns: z
    .array(
      z.union([
        pattern,
        z.strictObject({
          name: name.meta({ description: 'Gives the marker [NAME_REDACTED].' }),
          pattern: pattern.meta({ description: 'What to look for.' }),
        }),
      ]),
    )
    .max(1000)
    .default([])
    .meta({ description: 'Further patterns; one without a name is reported as CUSTOM.' }),
  entities: z
    .array(z.enum(ENTITY_TYPES))
    .default([])
    .meta({
      description:
        'Which kinds of personal data to look for, in place of the built-in list; empty means that list. The modes ' +
        'add theirs in any case, and a list of PERSON, ADDRESS and DATE_OF_BIRTH alone adds to the built-in one.',
    }),
  redaction: redaction.prefault({}),
});

/** The settings as the gateway reads them. */
export function resolvePiiDetector(file: z.output<typeof piiDetector>): PiiDetectorSettings {
  return {
    action: file.action,
    healthcareMode: file.healthcare_mode,
    pciMode: file.pci_mode,
    detectPatterns: file.detect_patterns.map((entry) =>
      typeof entry === 'string'
        ? { name: NAMELESS_PATTERN, pattern: entry }
        : { name: entityName(entry.name), pattern: entry.pattern },
    ),
    entities: file.entities,
    redaction: {
      markerFormat: file.redaction.marker_format,
      includeMetadata: file.redaction.include_metadata,
      preserveLength: file.redaction.preserve_length,
      customMarkers: Object.fromEntries(
        Object.entries(file.redaction.custom_markers).map(([key, marker]) => [entityName(key), marker]),
      ),
      reversible: file.redaction.reversible,
    },
  };
}
