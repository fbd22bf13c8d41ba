/** What environment variables mean to a gateway that runs on this machine. */
import { ENVIRONMENT_NAMES } from './environment.ts';
import type { SecretRef } from './gateway-config.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface LocalEnvironment {
  /** KEEPTRUSTS_GATEWAY_ID, else `local`. */
  readonly gatewayId: string;
  /** KEEPTRUSTS_ENVIRONMENT, else `local`. */
  readonly environment: string;
  /** KEEPTRUSTS_DIGEST_KEY; absent, hashes in events can be compared within one run only. */
  readonly digestKey?: string;
}

/** Names that only a local run reads. */
export const LOCAL_NAMES = { digestKey: 'KEEPTRUSTS_DIGEST_KEY' } as const;

/** Reads who this gateway is; empty variables count as absent. */
export function readLocalEnvironment(variables: Variables): LocalEnvironment {
  const digestKey = variables[LOCAL_NAMES.digestKey];
  return {
    gatewayId: variables[ENVIRONMENT_NAMES.gatewayId] || 'local',
    environment: variables[ENVIRONMENT_NAMES.environment] || 'local',
    ...(digestKey ? { digestKey } : {}),
  };
}

/** The variable in which a secret is found locally: `{store: openai-prod.key}` is OPENAI_PROD_KEY. */
export function secretVariable(secret: SecretRef): string {
  return 'env' in secret ? secret.env : secret.store.replace(/[.-]/g, '_').toUpperCase();
}

/** The value of a secret, or undefined when its variable is missing or blank. */
export function readLocalSecret(secret: SecretRef, variables: Variables): string | undefined {
  return variables[secretVariable(secret)]?.trim() || undefined;
}
