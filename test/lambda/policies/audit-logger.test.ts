/** The audit-logger stands in the chain and judges nothing. */
import { expect, it } from 'vitest';
import { createAuditLogger } from '../../../lambda/policies/audit-logger.ts';
import { FACTS } from './settings.ts';

it('has no say in any text', () => {
  const policy = createAuditLogger();
  expect(policy.kind).toBe('audit-logger');
  expect(policy.begin(FACTS)).toEqual({});
});
