/** The settings of captures: how long they are kept, and that nothing in the file makes their redaction weaker. */
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../../lambda/config/settings/entity-types.ts';
import { aConfig, targetsAt } from '../../support/a-gateway.ts';
import { problemsWith } from './a-config.ts';

const settings = (fields: object) => ({ policy: { 'audit-logger': { capture: 'redacted', ...fields } } });
const auditOf = (audit: string, pii = '{}') =>
  aConfig(
    `${targetsAt('http://127.0.0.1:1')}policies: {chain: [audit-logger]}\npolicy: {audit-logger: ${audit}, pii-detector: ${pii}}\n`,
  ).audit;

describe('the retention of captures', () => {
  it.each([
    ['a month where nothing is said', '{}', 30],
    ['that of the events where they go sooner', '{retention_days: 7}', 7],
    ['what the file says', '{capture_retention_days: 90}', 90],
    ['as long as the events at most', '{retention_days: 60, capture_retention_days: 60}', 60],
  ])('is %s', (_case, audit, days) => {
    expect(auditOf(audit).captureRetentionDays).toBe(days);
  });

  it.each([
    [
      'longer than the events',
      { retention_days: 60, capture_retention_days: 61 },
      'at most 60, the retention_days',
    ],
    ['longer than the default', { capture_retention_days: 366 }, 'at most 365, the retention_days'],
    ['no time at all', { capture_retention_days: 0 }, 'a whole number from 1 to 36500 (days)'],
  ])('is never %s', (_case, fields, allowed) => {
    expect(problemsWith(settings(fields)).filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code: 'E004', path: 'policy.audit-logger.capture_retention_days', allowed }),
    ]);
  });
});

describe('what redacts captures', () => {
  it('is absent while captures are off', () => {
    expect(auditOf('{}')).not.toHaveProperty('captureRedactor');
  });

  it('looks for everything that has a name and for the patterns of the file, whatever pii-detector is told', () => {
    const pii =
      '{action: block, entities: [IBAN], pci_mode: false, detect_patterns: [{name: order, pattern: "ORD[0-9]+"}], ' +
      'redaction: {marker_format: partial, reversible: true, custom_markers: {IBAN: x}}}';
    expect(auditOf('{capture: redacted}', pii).captureRedactor).toEqual({
      action: 'redact',
      healthcareMode: true,
      pciMode: true,
      detectPatterns: [{ name: 'ORDER', pattern: 'ORD[0-9]+' }],
      entities: ENTITY_TYPES,
      redaction: {
        markerFormat: 'label',
        includeMetadata: false,
        preserveLength: false,
        customMarkers: {},
        reversible: false,
      },
    });
  });
});
