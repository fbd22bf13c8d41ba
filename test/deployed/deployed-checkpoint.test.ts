/** The checkpoint function as it is bundled, in AWS's own runtime client; the S3 and KMS clients in it are real. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../lambda/audit/checkpoint.ts';
import { emptyChain, link } from '../../lambda/audit/hash-chain.ts';
import { CHECKPOINT_KEY_NAME, ENVIRONMENT_NAMES, LOCK_MODE_NAME } from '../../lambda/config/environment.ts';
import { bundleFunction } from '../../lib/function-bundle.ts';
import { aDecisionEvent } from '../support/a-decision-event.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { type FunctionProcess, startFunctionProcess } from '../support/function-process.ts';
import { type KmsStub, startKmsStub } from '../support/kms-stub.ts';
import { aConfig } from '../support/test-app.ts';

const DAY_MS = 86_400_000;
const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/checkpoints';
const client = (stub: AwsStub): S3Client =>
  new S3Client({
    endpoint: stub.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'stub', secretAccessKey: 'stub' },
  });

let folder: string;
let stub: AwsStub;
let kms: KmsStub;
let vouch: FunctionProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  bundleFunction('checkpoint-handler', aConfig({ retentionDays: 30 }), folder);
  [stub, kms] = [await startAwsStub(), await startKmsStub()];
  vouch = await startFunctionProcess({
    folder,
    handler: 'checkpoint-handler.handler',
    environment: {
      [ENVIRONMENT_NAMES.auditBucket]: 'evidence',
      [ENVIRONMENT_NAMES.gatewayId]: 'KeeptrustsGateway',
      [LOCK_MODE_NAME]: 'GOVERNANCE',
      [CHECKPOINT_KEY_NAME]: ARN,
      AWS_ENDPOINT_URL_S3: stub.url,
      AWS_ENDPOINT_URL_KMS: kms.url,
    },
  });
  const Body = gzipSync(`${link(aDecisionEvent(), emptyChain('writer')).line}\n`);
  const Key = 'audit/dt=2026-11-01/hr=10/events.jsonl.gz';
  await client(stub).send(new PutObjectCommand({ Bucket: 'evidence', Key, Body }));
}, 60_000);
afterAll(async () => {
  await vouch.stop();
  await Promise.all([stub.close(), kms.close()]);
  await rm(folder, { recursive: true });
});

async function invoke(): Promise<void> {
  const response = await vouch.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' }, 30_000);
  for await (const _ of response.body) continue;
  response.acknowledge();
}

describe('the checkpoint function as it is deployed', () => {
  it('signs with its key, locks what it writes for the retention of the policy file, and tells CloudWatch', async () => {
    await invoke();
    const { body, headers } = stub.objects.get('evidence/audit/checkpoints/00000001.json') ?? {};
    expect(readCheckpoint(String(body))).toMatchObject({ heads: [{ writer_id: 'writer', seq: 1 }] });
    expect(headers?.['x-amz-object-lock-mode']).toBe('GOVERNANCE');
    const until = Date.parse(String(headers?.['x-amz-object-lock-retain-until-date']));
    expect(Math.round((until - Date.now()) / DAY_MS)).toBe(30);
    expect(kms.calls).toContain(`Sign ${ARN}`);
    expect(vouch.log()).toContain('"Checkpoints":1');
  });

  it('fails for Lambda to try again when the evidence has faults', async () => {
    const Key = `audit/dt=${new Date().toISOString().slice(0, 10)}/hr=00/events.jsonl.gz`;
    const Body = gzipSync('{"event_id":"evt_1"}\n');
    await client(stub).send(new PutObjectCommand({ Bucket: 'evidence', Key, Body }));
    await expect(invoke()).rejects.toThrow(/EvidenceNotValid/);
    expect(vouch.log()).toContain('the evidence has faults');
  });
});
