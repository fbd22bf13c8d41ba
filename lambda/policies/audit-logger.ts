/** The audit-logger kind: it judges nothing; its settings say how evidence is kept. */
import type { Policy } from './policy.ts';

/** Makes the policy. What its settings ask for is done where events are written and stored. */
export function createAuditLogger(): Policy {
  return { kind: 'audit-logger', begin: () => ({}) };
}
