/**
 * The cold start of the deployed bundle under AWS's own runtime client, beside that of an empty function, in
 * turns: `node bench/cold-start.ts`.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { startAimlapiUpstream } from '../bin/upstream/aimlapi-upstream.ts';
import { DIGEST_KEY } from '../lambda/config/environment.ts';
import { DynamoDbKeyStore } from '../lambda/state/dynamodb-key-store.ts';
import { hashKeyText, newKeyText } from '../lambda/state/key-text.ts';
import { bundleFunction } from '../lib/function-bundle.ts';
import { readPolicyFile } from '../lib/policy-file.ts';
import { startAwsStub } from '../test/support/aws-stub.ts';
import { environmentOf } from '../test/support/deployed-gateway.ts';
import { startDynalite } from '../test/support/dynalite.ts';
import { type FunctionProcess, startFunctionProcess } from '../test/support/function-process.ts';
import { type Row, tableText } from './table.ts';
import { policyConfig } from './workload.ts';

const EMPTY = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const headers = { 'content-type': 'application/json' };
  const response = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers });
  response.write('{}');
  response.end();
});`;

interface Start {
  readonly initMs: number;
  /** From the start of the process to the first byte of its first answer. */
  readonly firstByteMs: number;
}

/** Rows for the table; each start is a process of its own. */
export async function coldStartRows(rounds: number): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  const [upstream, aws, dynamoDb] = await Promise.all([
    startAimlapiUpstream(),
    startAwsStub({
      upstream: JSON.stringify({ AIMLAPI_KEY: 'key' }),
      digest: JSON.stringify({ [DIGEST_KEY]: 'key' }),
    }),
    startDynalite(),
  ]);
  try {
    await Promise.all([dynamoDb.createTable('keys', 'hash'), dynamoDb.createTable('circuits', 'id')]);
    const key = newKeyText();
    const record = { name: 'bench', role: 'caller', createdAt: Date.now() } as const;
    await new DynamoDbKeyStore('keys', dynamoDb.client).put(hashKeyText(key), record);
    const policyFile = join(folder, 'policy-config.yaml');
    await writeFile(policyFile, policyConfig(upstream.url));
    const bundle = await mkdtemp(join(folder, 'bundle-'));
    bundleFunction('gateway-handler', readPolicyFile(policyFile).config, bundle);
    await writeFile(join(folder, 'empty.mjs'), EMPTY);
    const empty: Start[] = [];
    const gateway: Start[] = [];
    const environment = environmentOf(aws.url, dynamoDb.url);
    for (let round = 0; round < rounds; round += 1) {
      empty.push(await start(() => startFunctionProcess({ folder, handler: 'empty.handler' }), key));
      gateway.push(await start(() => startFunctionProcess({ folder: bundle, environment }), key));
    }
    return [...timeRows(empty, gateway), await zipRow(bundle)];
  } finally {
    await Promise.all([upstream.close(), aws.close(), dynamoDb.close()]);
    await rm(folder, { recursive: true });
  }
}

async function start(begin: () => Promise<FunctionProcess>, key: string): Promise<Start> {
  const startedAt = performance.now();
  const process = await begin();
  try {
    const response = await process.invoke(eventWith(key), 60_000);
    let firstByteMs: number | undefined;
    for await (const _ of response.body) firstByteMs ??= performance.now() - startedAt;
    response.acknowledge();
    return { initMs: process.initMs, firstByteMs: firstByteMs ?? Number.NaN };
  } finally {
    await process.stop();
  }
}

function eventWith(key: string): Record<string, unknown> {
  const messages = [{ role: 'user', content: 'say: hello' }];
  return {
    version: '2.0',
    rawPath: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', sourceIp: '127.0.0.1' } },
    body: JSON.stringify({ model: 'gpt-4o', messages }),
    isBase64Encoded: false,
  };
}

function timeRows(empty: readonly Start[], gateway: readonly Start[]): readonly Row[] {
  const of = (starts: readonly Start[], figure: keyof Start): number =>
    median(starts.map((each) => each[figure]));
  const above = of(gateway, 'initMs') - of(empty, 'initMs');
  return [
    {
      name: 'Lambda INIT above an empty function',
      unit: 'ms',
      gateway: above,
      goal: { kind: 'at-most', gateway: 50 },
    },
    {
      name: 'Lambda cold start to first byte',
      unit: 'ms',
      floor: of(empty, 'firstByteMs'),
      gateway: of(gateway, 'firstByteMs'),
    },
  ];
}

/** What the zip of the asset weighs: its entries deflated, with their headers. */
async function zipRow(folder: string): Promise<Row> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const headers = 30 + 46 + 2 * name.length;
        return headers + deflateRawSync(await readFile(join(parentPath, name))).length;
      }),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 22);
  return {
    name: 'bundle, zipped',
    unit: 'KB',
    gateway: bytes / 1000,
    goal: { kind: 'at-most', gateway: 1000 },
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

if (import.meta.main) {
  const rows = await coldStartRows(Number(process.argv[2] ?? 15));
  process.stdout.write(`${tableText(rows)}\n`);
}
