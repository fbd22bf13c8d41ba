/** The manual on security names every permission that the templates give. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { piiSettings } from '../lambda/policies/settings.ts';
import { aTemplate } from '../support/test-app.ts';
import { permissionsOf } from '../support/permissions.ts';

const manual = readFileSync('docs/security.md', 'utf8');
const rows = manual.split('\n').filter((line) => line.startsWith('| '));
const template = aTemplate({
  audit: { immutable: true, logAllAccess: true, captureRedactor: piiSettings() },
  context: { auditEncryption: 'kms' },
});

describe('the table of permissions', () => {
  const granted = (
    [
      ['function', 'GatewayRole'],
      ['function that seals', 'AuditSealRole'],
      ['function that vouches', 'AuditCheckpointRole'],
      ['Firehose', 'AuditDeliveryRole'],
      ['Firehose', 'AuditCapturesRole'],
    ] as const
  ).flatMap(([principal, role]) =>
    permissionsOf(template, role).flatMap(([actions]) =>
      actions.split(' ').map((action) => [principal, action] as const),
    ),
  );

  it.each(granted)('has a row in which the %s may %s', (principal, action) => {
    const named = rows.filter((row) =>
      row
        .split('|')[1]
        ?.split(',')
        .some((name) => name.trim() === principal),
    );
    expect(named.filter((row) => row.split('|')[2]?.includes(action))).not.toEqual([]);
  });

  it('is not empty, so that its silence means something', () => {
    expect(granted.length).toBeGreaterThan(15);
  });
});
