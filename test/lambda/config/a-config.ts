/** Configurations for the tests of this folder: a valid file, and the same with one part replaced. */
import { stringify } from 'yaml';
import type { GatewayConfig } from '../../../lambda/config/gateway-config.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import type { Problem } from '../../../lambda/config/problem.ts';
import { mergeValues } from '../../../lambda/config/tree.ts';

/** The smallest file that has no problem and no warning. */
export const VALID = {
  pack: { name: 'test', version: '1.0.0', enabled: true },
  policies: { chain: ['audit-logger'] },
  policy: { 'audit-logger': {} },
  providers: { targets: [{ id: 'one', provider: 'aimlapi', model: 'openai/gpt-4o' }] },
};

/** The valid file with changes laid over it, as YAML. */
export function yamlWith(changes: object = {}): string {
  return stringify(mergeValues(VALID, changes), { aliasDuplicateObjects: false });
}

/** Problems, warnings included, of a text. */
export function problemsOf(text: string): readonly Problem[] {
  const result = loadConfig([{ path: 'policy-config.yaml', text }]);
  return result.ok ? result.warnings : result.problems;
}

/** Problems of the valid file with changes. */
export function problemsWith(changes: object): readonly Problem[] {
  return problemsOf(yamlWith(changes));
}

/** The resolved configuration of the valid file with changes; a problem fails the test. */
export function configWith(changes: object = {}): GatewayConfig {
  const result = loadConfig([{ path: 'policy-config.yaml', text: yamlWith(changes) }]);
  if (!result.ok)
    throw new Error(`the test's configuration is not valid: ${JSON.stringify(result.problems)}`);
  return result.config;
}

/** The first target of the valid file with changes to it. */
export function targetWith(changes: object): object {
  return { providers: { targets: [{ id: 'one', provider: 'aimlapi', ...changes }] } };
}
