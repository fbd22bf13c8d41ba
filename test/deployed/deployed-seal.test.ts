/** The sealing function as it is bundled, in AWS's own runtime client; the S3 client in it is real. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, LOCK_MODE_NAME } from '../../lambda/config/environment.ts';
import { bundleFunction } from '../../lib/function-bundle.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { type FunctionProcess, startFunctionProcess } from '../support/function-process.ts';
import { aConfig } from '../support/test-app.ts';

const KEY = 'audit/dt=2026-11-01/hr=10/events.jsonl.gz';

let folder: string;
let stub: AwsStub;
let seal: FunctionProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seal-'));
  bundleFunction('seal-handler', aConfig(), folder);
  stub = await startAwsStub();
  seal = await startFunctionProcess({
    folder,
    handler: 'seal-handler.handler',
    environment: {
      [ENVIRONMENT_NAMES.auditBucket]: 'evidence',
      [ENVIRONMENT_NAMES.gatewayId]: 'KeeptrustsGateway',
      [LOCK_MODE_NAME]: 'GOVERNANCE',
      AWS_ENDPOINT_URL_S3: stub.url,
    },
  });
  const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
  const client = new S3Client({ endpoint: stub.url, region: 'eu-west-1', credentials });
  const Body = gzipSync('{"audit":{"retention_days":30}}\n');
  await client.send(new PutObjectCommand({ Bucket: 'evidence', Key: KEY, Body }));
}, 60_000);
afterAll(async () => {
  await seal.stop();
  await stub.close();
  await rm(folder, { recursive: true });
});

async function invoke(event: unknown): Promise<void> {
  const response = await seal.invoke(event, 30_000);
  for await (const _ of response.body) continue;
  response.acknowledge();
}

describe('the sealing function as it is deployed', () => {
  it('locks an object that EventBridge tells of, and tells CloudWatch', async () => {
    const object = { key: KEY, 'version-id': 'version-1' };
    await invoke({ source: 'aws.s3', detail: { bucket: { name: 'evidence' }, object } });
    expect(stub.objects.get(`evidence/${KEY}`)?.lock?.mode).toBe('GOVERNANCE');
    expect(seal.log()).toContain('"SealedObjects":1');
  });

  it('looks for what was missed', async () => {
    await invoke({ sweep: { days: 2 } });
    expect(seal.log()).toContain('"message":"looked for unsealed objects"');
  });

  it('fails for Lambda to try again when the bucket refuses', async () => {
    stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' }, 4);
    const object = { key: KEY, 'version-id': 'version-1' };
    await expect(invoke({ detail: { bucket: { name: 'evidence' }, object } })).rejects.toThrow(
      /AccessDenied/,
    );
  });
});
