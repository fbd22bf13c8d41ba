/** The names of the environment variables through which the stack tells the deployed function what is whose. */

export const ENVIRONMENT_NAMES = {
  keysTable: 'KEEPTRUSTS_KEYS_TABLE',
  upstreamSecret: 'KEEPTRUSTS_UPSTREAM_SECRET',
  digestSecret: 'KEEPTRUSTS_DIGEST_SECRET',
  auditStream: 'KEEPTRUSTS_AUDIT_STREAM',
  auditBucket: 'KEEPTRUSTS_AUDIT_BUCKET',
  gatewayId: 'KEEPTRUSTS_GATEWAY_ID',
  environment: 'KEEPTRUSTS_ENVIRONMENT',
  failMode: 'KEEPTRUSTS_FAIL_MODE',
} as const;

export type DeployedEnvironment = Readonly<Record<keyof typeof ENVIRONMENT_NAMES, string>>;

/**
 * Reads what the stack has set.
 * @throws Error that names every variable that is missing or empty.
 */
export function readDeployedEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): DeployedEnvironment {
  const missing = Object.values(ENVIRONMENT_NAMES).filter((name) => !variables[name]);
  if (missing.length > 0) {
    throw new Error(
      `the function's environment lacks ${missing.join(', ')}: deploy it with the stack in lib/`,
    );
  }
  const read = (key: keyof typeof ENVIRONMENT_NAMES): string => variables[ENVIRONMENT_NAMES[key]] ?? '';
  return {
    keysTable: read('keysTable'),
    upstreamSecret: read('upstreamSecret'),
    digestSecret: read('digestSecret'),
    auditStream: read('auditStream'),
    auditBucket: read('auditBucket'),
    gatewayId: read('gatewayId'),
    environment: read('environment'),
    failMode: read('failMode'),
  };
}
