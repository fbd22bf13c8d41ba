/** Every kind of policy, by its name in the configuration. */
import type { ChainEntry } from '../config/gateway-config.ts';
import { createAuditLogger } from './audit-logger.ts';
import { createPiiDetector } from './pii-detector.ts';
import type { Policy } from './policy.ts';
import { createPromptInjection } from './prompt-injection.ts';
import { createSafetyFilter } from './safety-filter.ts';

/** Makes the policy of one step of the chain. */
export function createPolicy(entry: ChainEntry): Policy {
  let policy: Policy;
  switch (entry.kind) {
    case 'prompt-injection':
      policy = createPromptInjection(entry.settings);
      break;
    case 'pii-detector':
      policy = createPiiDetector(entry.settings);
      break;
    case 'safety-filter':
      policy = createSafetyFilter(entry.settings);
      break;
    case 'audit-logger':
      policy = createAuditLogger();
      break;
  }
  return policy;
}
