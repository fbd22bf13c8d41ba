/** What `policy.audit-logger` may say. */
import * as z from 'zod';
import { flag, whole } from '../fields.ts';
import type { AuditSettings } from '../gateway-config.ts';

export const auditLogger = z.strictObject({
  immutable: flag(
    true,
    'On AWS the audit bucket is locked against change and removal until the retention ends, and every request ' +
      'leaves a start record. Locally each event is linked into a hash chain either way.',
  ),
  retention_days: whole(1, 36_500)
    .default(365)
    .meta({ unit: 'days', description: 'How long decision events are kept.' }),
  log_all_access: flag(
    true,
    'False leaves the details of allowed requests out of their events (policy results, redactions, attempts); ' +
      'the events themselves always remain.',
  ),
  hipaa_audit_controls: flag(false, 'The audit controls of 45 CFR 164.312(b).'),
  capture: z.enum(['none', 'redacted']).default('none').meta({
    description: 'Whether the redacted texts of requests are kept beside the events, for `kt policy replay`.',
  }),
});

/** The settings as the gateway reads them. */
export function resolveAuditLogger(file: z.output<typeof auditLogger>): AuditSettings {
  return {
    immutable: file.immutable,
    retentionDays: file.retention_days,
    logAllAccess: file.log_all_access,
    hipaaAuditControls: file.hipaa_audit_controls,
  };
}
