/** What `policy.audit-logger` may say. */
import * as z from 'zod';
import { flag, whole } from '../fields.ts';
import type { AuditSettings, PiiDetectorSettings } from '../gateway-config.ts';
import { ENTITY_TYPES } from './entity-types.ts';

/** Of events, where the file says nothing. */
export const DEFAULT_RETENTION_DAYS = 365;
const DEFAULT_CAPTURE_DAYS = 30;

export const auditLogger = z.strictObject({
  immutable: flag(
    true,
    'On AWS the audit bucket is locked against change and removal until the retention ends, and every request ' +
      'leaves a start record. Locally each event is linked into a hash chain either way.',
  ),
  retention_days: whole(1, 36_500)
    .default(DEFAULT_RETENTION_DAYS)
    .meta({ unit: 'days', description: 'How long decision events are kept.' }),
  log_all_access: flag(
    true,
    'False leaves the details of allowed requests out of their events (policy results, redactions, attempts); ' +
      'the events themselves always remain.',
  ),
  hipaa_audit_controls: flag(false, 'The audit controls of 45 CFR 164.312(b).'),
  capture: z
    .enum(['none', 'redacted'])
    .default('none')
    .meta({
      description:
        '`redacted` keeps the texts of prompts and answers beside the events, every kind of personal data taken out ' +
        'of them whatever the chain does; never the originals, and nothing of a text that was blocked.',
    }),
  capture_retention_days: whole(1, 36_500)
    .optional()
    .meta({
      unit: 'days',
      byDefault: `${DEFAULT_CAPTURE_DAYS}, or \`retention_days\` where that is less`,
      description: 'How long kept texts are kept: never longer than the events that they belong to.',
    }),
});

/**
 * The settings as the gateway reads them.
 * @param pii of the file, whether or not the chain runs it: its own patterns are taken out of kept texts, too.
 */
export function resolveAuditLogger(
  file: z.output<typeof auditLogger>,
  pii: PiiDetectorSettings,
): AuditSettings {
  return {
    immutable: file.immutable,
    retentionDays: file.retention_days,
    logAllAccess: file.log_all_access,
    hipaaAuditControls: file.hipaa_audit_controls,
    captureRetentionDays: file.capture_retention_days ?? Math.min(DEFAULT_CAPTURE_DAYS, file.retention_days),
    ...(file.capture === 'redacted' && { captureRedactor: redactorFor(pii) }),
  };
}

/** Everything that has a name is taken out: nobody needs it to understand a text, and a marker says what it was. */
function redactorFor({ detectPatterns }: PiiDetectorSettings): PiiDetectorSettings {
  return {
    action: 'redact',
    healthcareMode: true,
    pciMode: true,
    detectPatterns,
    entities: ENTITY_TYPES,
    redaction: {
      markerFormat: 'label',
      includeMetadata: false,
      preserveLength: false,
      customMarkers: {},
      reversible: false,
    },
  };
}
