/** Settings as the configuration's defaults give them, with what a test changes. */
import type {
  AuditSettings,
  PiiDetectorSettings,
  PromptInjectionSettings,
  SafetyFilterSettings,
} from '../../../lambda/config/gateway-config.ts';
import type { RequestFacts } from '../../../lambda/policies/policy.ts';
import type { Lane } from '../../../lambda/wire/lane.ts';

export const injectionSettings = (
  changes: Partial<PromptInjectionSettings> = {},
): PromptInjectionSettings => ({
  threshold: 0.8,
  action: 'block',
  attackPatterns: [],
  encoding: { decodeBase64: true, normalizeUnicode: true, detectHomoglyphs: true },
  boundaries: { enforceDelimiters: true, rejectFakeBoundaries: true },
  logLevel: 'warn',
  roles: ['user', 'tool'],
  ...changes,
});

export const safetySettings = (changes: Partial<SafetyFilterSettings> = {}): SafetyFilterSettings => ({
  mode: 'strict',
  categories: [],
  blockIf: [],
  action: 'block',
  fuzzyMatching: false,
  maxDistance: 1,
  maxAge: 0,
  ...changes,
});

export const piiSettings = (): PiiDetectorSettings => ({
  action: 'redact',
  healthcareMode: false,
  pciMode: true,
  detectPatterns: [],
  entities: [],
  redaction: {
    markerFormat: 'label',
    includeMetadata: true,
    preserveLength: false,
    customMarkers: {},
    reversible: false,
  },
});

export const auditSettings = (): AuditSettings => ({
  immutable: true,
  retentionDays: 365,
  logAllAccess: true,
  hipaaAuditControls: false,
  captureRetentionDays: 30,
});

export const FACTS: RequestFacts = {
  path: '/v1/chat/completions',
  headers: {},
  model: 'gpt-4o',
  stream: false,
};

/** A lane of a message in the request. */
export const aLane = (changes: Partial<Lane> = {}): Lane => ({
  phase: 'input',
  role: 'user',
  content: 'message',
  path: '/messages/0/content',
  ...changes,
});
