/** Every kind that a chain may name is made. */
import { expect, it } from 'vitest';
import type { ChainEntry } from '../../../lambda/config/gateway-config.ts';
import { createPolicy } from '../../../lambda/policies/index.ts';
import { auditSettings, injectionSettings, piiSettings, safetySettings } from './settings.ts';

const base = { streamingMode: 'realtime', mode: 'enforce' } as const;
const ENTRIES: readonly ChainEntry[] = [
  { ...base, kind: 'prompt-injection', settings: injectionSettings() },
  { ...base, kind: 'pii-detector', settings: piiSettings() },
  { ...base, kind: 'safety-filter', settings: safetySettings() },
  { ...base, kind: 'audit-logger', settings: auditSettings() },
];

it.each(ENTRIES)('$kind is made from its settings', (entry) => {
  expect(createPolicy(entry).kind).toBe(entry.kind);
});
