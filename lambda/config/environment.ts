/** The names under which the stack tells the deployed function what belongs to it. */
import type { Variables } from './local-environment.ts';

export const ENVIRONMENT_NAMES = {
  keysTable: 'KEEPTRUSTS_KEYS_TABLE',
  circuitTable: 'KEEPTRUSTS_CIRCUIT_TABLE',
  upstreamSecret: 'KEEPTRUSTS_UPSTREAM_SECRET',
  digestSecret: 'KEEPTRUSTS_DIGEST_SECRET',
  auditStream: 'KEEPTRUSTS_AUDIT_STREAM',
  auditBucket: 'KEEPTRUSTS_AUDIT_BUCKET',
  gatewayId: 'KEEPTRUSTS_GATEWAY_ID',
  environment: 'KEEPTRUSTS_ENVIRONMENT',
  failMode: 'KEEPTRUSTS_FAIL_MODE',
} as const;

/** Told to the functions that lock evidence alone. */
export const LOCK_MODE_NAME = 'KEEPTRUSTS_LOCK_MODE';

/** Told to the function that signs checkpoints alone: the ARN of its key. */
export const CHECKPOINT_KEY_NAME = 'KEEPTRUSTS_CHECKPOINT_KEY';

/** Told to the gateway's function where the policy file asks for captures: the delivery stream that takes them. */
export const CAPTURE_STREAM_NAME = 'KEEPTRUSTS_CAPTURE_STREAM';

/** The one name inside the secret that holds the HMAC key of the hashes in events. */
export const DIGEST_KEY = 'digest_key';

export type DeployedEnvironment = Readonly<
  Record<Exclude<keyof typeof ENVIRONMENT_NAMES, 'failMode'>, string>
> & { readonly failMode: 'block' | 'allow'; readonly captureStream?: string };

/**
 * Reads what the stack has set.
 * @throws Error that names every variable that is missing, empty or wrong.
 */
export function readDeployedEnvironment(variables: Variables): DeployedEnvironment {
  const read = readerOf(variables, Object.keys(ENVIRONMENT_NAMES).filter(isName));
  const failMode = read('failMode');
  if (failMode !== 'block' && failMode !== 'allow') {
    throw new Error(
      `${ENVIRONMENT_NAMES.failMode} is ${JSON.stringify(failMode)}: allowed is block or allow`,
    );
  }
  const captureStream = variables[CAPTURE_STREAM_NAME];
  return {
    keysTable: read('keysTable'),
    circuitTable: read('circuitTable'),
    upstreamSecret: read('upstreamSecret'),
    digestSecret: read('digestSecret'),
    auditStream: read('auditStream'),
    auditBucket: read('auditBucket'),
    gatewayId: read('gatewayId'),
    environment: read('environment'),
    failMode,
    ...(captureStream && { captureStream }),
  };
}

/** What the function that probes the targets is told. */
export type ProbeEnvironment = Pick<DeployedEnvironment, 'circuitTable' | 'upstreamSecret'>;

/**
 * Reads what the stack has set for that function.
 * @throws Error as above.
 */
export function readProbeEnvironment(variables: Variables): ProbeEnvironment {
  const read = readerOf(variables, ['circuitTable', 'upstreamSecret']);
  return { circuitTable: read('circuitTable'), upstreamSecret: read('upstreamSecret') };
}

/** What the function that seals evidence is told. */
export type SealEnvironment = Pick<DeployedEnvironment, 'auditBucket' | 'gatewayId'> & {
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE';
};

/**
 * Reads what the stack has set for that function.
 * @throws Error as above.
 */
export function readSealEnvironment(variables: Variables): SealEnvironment {
  const read = readerOf(variables, ['auditBucket', 'gatewayId']);
  const lockMode = variables[LOCK_MODE_NAME];
  if (lockMode !== 'GOVERNANCE' && lockMode !== 'COMPLIANCE') {
    throw new Error(
      `${LOCK_MODE_NAME} is ${JSON.stringify(lockMode)}: allowed is GOVERNANCE or COMPLIANCE; deploy it with the stack in lib/`,
    );
  }
  return { auditBucket: read('auditBucket'), gatewayId: read('gatewayId'), lockMode };
}

/** What the function that signs checkpoints is told. */
export type CheckpointEnvironment = SealEnvironment & { readonly checkpointKey: string };

/**
 * Reads what the stack has set for that function.
 * @throws Error as above.
 */
export function readCheckpointEnvironment(variables: Variables): CheckpointEnvironment {
  const checkpointKey = variables[CHECKPOINT_KEY_NAME];
  if (!checkpointKey) {
    throw new Error(
      `the function's environment lacks ${CHECKPOINT_KEY_NAME}: deploy it with the stack in lib/`,
    );
  }
  return { ...readSealEnvironment(variables), checkpointKey };
}

type Name = keyof typeof ENVIRONMENT_NAMES;

const isName = (text: string): text is Name => Object.hasOwn(ENVIRONMENT_NAMES, text);

function readerOf<Wanted extends Name>(
  variables: Variables,
  wanted: readonly Wanted[],
): (name: Wanted) => string {
  const missing = wanted.map((name) => ENVIRONMENT_NAMES[name]).filter((variable) => !variables[variable]);
  if (missing.length > 0) {
    throw new Error(
      `the function's environment lacks ${missing.join(', ')}: deploy it with the stack in lib/`,
    );
  }
  return (name) => variables[ENVIRONMENT_NAMES[name]] ?? '';
}
