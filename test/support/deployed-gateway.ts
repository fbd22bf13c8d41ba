/**
 * The gateway as it is deployed, in AWS's own runtime client, behind a Function URL. The AWS clients in it are real;
 * what they speak to is on this machine.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AimlapiUpstream,
  type AimlapiUpstreamOptions,
  startAimlapiUpstream,
} from '../../bin/upstream/aimlapi-upstream.ts';
import { CAPTURE_STREAM_NAME, DIGEST_KEY, ENVIRONMENT_NAMES } from '../../lambda/config/environment.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { DynamoDbKeyStore } from '../../lambda/state/dynamodb-key-store.ts';
import type { GatewayKey } from '../../lambda/state/key-store.ts';
import { hashKeyText, newKeyText } from '../../lambda/state/key-text.ts';
import { bundleFunction } from '../../lib/function-bundle.ts';
import { type AwsStub, startAwsStub } from './aws-stub.ts';
import { type LocalDynamoDb, startDynalite } from './dynalite.ts';
import { type FunctionUrl, startFunctionUrl } from './function-url.ts';
import { synthesise } from './synthesise.ts';

export interface DeployedGateway {
  /** For an OpenAI client. */
  readonly baseUrl: string;
  readonly function: FunctionUrl;
  readonly upstream: AimlapiUpstream;
  readonly aws: AwsStub;
  readonly dynamoDb: LocalDynamoDb;
  readonly asset: FunctionAsset;
  readonly keys: DynamoDbKeyStore;
  /** Puts a new key into the table and gives its text. */
  addKey(over?: Partial<GatewayKey>): Promise<string>;
  close(): Promise<void>;
}

/** The code of a function. */
export interface FunctionAsset {
  readonly functionFolder: string;
  /** `module.export`. */
  readonly handler: string;
}

/** Makes the asset of the gateway's function from a policy file, below the folder. */
export type MakeAsset = (policyConfig: string, folder: string) => FunctionAsset | Promise<FunctionAsset>;

/** By `cdk synth`, as a person would: ten seconds. */
export const synthesised: MakeAsset = (policyConfig, folder) =>
  synthesise({ output: join(folder, 'cdk.out'), policyConfig });

/** By what `cdk synth` calls for that asset: two seconds. */
export const bundled: MakeAsset = async (policyConfig, folder) => {
  const loaded = loadConfig([{ path: policyConfig, text: await readFile(policyConfig, 'utf8') }]);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const functionFolder = join(folder, 'function');
  await mkdir(functionFolder);
  bundleFunction('gateway-handler', loaded.config, functionFolder);
  return { functionFolder, handler: 'gateway-handler.handler' };
};

export interface DeployedGatewayOptions {
  /** The policy file; `{{upstream}}` stands for the base URL of the upstream. */
  readonly policies: string;
  /** Default `bundled`. */
  readonly makeAsset?: MakeAsset;
  readonly upstream?: AimlapiUpstreamOptions;
  readonly upstreamSecret?: string;
  readonly timeoutMs?: number;
  readonly environments?: number;
}

export const UPSTREAM_KEY = 'upstream-key-of-the-secret';

/** Takes some seconds: everything is started, and bundled, from nothing. */
export async function deployGateway(options: DeployedGatewayOptions): Promise<DeployedGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  const secrets = {
    upstream: options.upstreamSecret ?? JSON.stringify({ AIMLAPI_KEY: UPSTREAM_KEY }),
    digest: JSON.stringify({ [DIGEST_KEY]: 'digest-key-of-the-secret' }),
  };
  const [upstream, aws, dynamoDb] = await Promise.all([
    startAimlapiUpstream(options.upstream),
    startAwsStub(secrets),
    startDynalite(),
  ]);
  await Promise.all([dynamoDb.createTable('keys', 'hash'), dynamoDb.createTable('circuits', 'id')]);
  const policyConfig = join(folder, 'policy-config.yaml');
  await writeFile(policyConfig, options.policies.replaceAll('{{upstream}}', upstream.url));
  const { timeoutMs, environments, makeAsset = bundled } = options;
  const asset = await makeAsset(policyConfig, folder);
  const fn = await startFunctionUrl({
    folder: asset.functionFolder,
    handler: asset.handler,
    environment: environmentOf(aws.url, dynamoDb.url),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(environments !== undefined && { environments }),
  });
  const keys = new DynamoDbKeyStore('keys', dynamoDb.client);
  return {
    baseUrl: `${fn.url}v1`,
    function: fn,
    upstream,
    aws,
    dynamoDb,
    asset,
    keys,
    addKey: async (over) => {
      const text = newKeyText();
      await keys.put(hashKeyText(text), { name: 'test', role: 'caller', createdAt: Date.now(), ...over });
      return text;
    },
    close: async () => {
      await fn.close();
      await Promise.all([upstream.close(), aws.close(), dynamoDb.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** What the stack sets, and endpoints on this machine for the clients. */
export function environmentOf(aws: string, dynamoDb: string): Record<string, string> {
  return {
    [ENVIRONMENT_NAMES.keysTable]: 'keys',
    [ENVIRONMENT_NAMES.circuitTable]: 'circuits',
    [ENVIRONMENT_NAMES.upstreamSecret]: 'upstream',
    [ENVIRONMENT_NAMES.digestSecret]: 'digest',
    [ENVIRONMENT_NAMES.auditStream]: 'events',
    [ENVIRONMENT_NAMES.auditBucket]: 'evidence',
    [ENVIRONMENT_NAMES.gatewayId]: 'KeeptrustsGateway',
    [ENVIRONMENT_NAMES.environment]: 'test',
    [ENVIRONMENT_NAMES.failMode]: 'block',
    [CAPTURE_STREAM_NAME]: 'captures',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb,
    AWS_ENDPOINT_URL_FIREHOSE: aws,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws,
    AWS_ENDPOINT_URL_S3: aws,
  };
}
