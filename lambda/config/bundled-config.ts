/** The resolved policy configuration inside the deployed function. */
import type { GatewayConfig } from './gateway-config.ts';

/** Beside the entry module; written at synth, when the policy file was read, checked and resolved. */
export const BUNDLED_CONFIG = 'policy-config.json';

/**
 * Reads it back. The full check was made at synth; here only a file of another kind is told apart.
 * @throws Error when the text is no resolved configuration.
 */
export function parseBundledConfig(text: string): GatewayConfig {
  const value: unknown = JSON.parse(text);
  if (!isResolved(value)) {
    throw new Error(`${BUNDLED_CONFIG} is no resolved policy configuration: synthesise and deploy again`);
  }
  return value;
}

function isResolved(value: unknown): value is GatewayConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['pack', 'chain', 'targets', 'audit', 'hash'].every((field) => field in value)
  );
}
