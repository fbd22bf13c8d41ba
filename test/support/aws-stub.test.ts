/** The stub is understood by the real AWS SDK clients. */
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAwsStub, type AwsStub } from './aws-stub.ts';

let stub: AwsStub;
beforeEach(async () => {
  stub = await startAwsStub({ 'gateway/secrets': '{"AIML_API_KEY":"k"}' });
});
afterEach(() => stub.close());

const settings = () => ({
  endpoint: stub.url,
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'stub', secretAccessKey: 'stub' },
});
const batch = (...lines: readonly string[]) =>
  new FirehoseClient(settings()).send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'audit',
      Records: lines.map((line) => ({ Data: Buffer.from(line) })),
    }),
  );

describe('the AWS stub', () => {
  it('keeps the records of a batch', async () => {
    const reply = await batch('one\n', 'zwei – ü\n');
    expect(reply.FailedPutCount).toBe(0);
    expect(stub.batches).toEqual([{ stream: 'audit', records: ['one\n', 'zwei – ü\n'] }]);
  });

  it('refuses the records it was told to refuse, and says which', async () => {
    stub.fail('firehose', { kind: 'partial', failed: [1] });
    const reply = await batch('a', 'b', 'c');
    expect(reply.FailedPutCount).toBe(1);
    expect(reply.RequestResponses?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'ServiceUnavailableException',
      undefined,
    ]);
    expect(stub.records()).toEqual(['a', 'c']);
  });

  it.each([
    ['throttle', { kind: 'throttle' }, { name: 'ServiceUnavailableException' }],
    ['status', { kind: 'status', status: 500, code: 'InternalFailure' }, { name: 'InternalFailure' }],
    ['reset', { kind: 'reset' }, { code: 'ECONNRESET' }],
  ] as const)('meets a %s as the client knows it', async (_, fault, error) => {
    stub.fail('firehose', fault);
    await expect(batch('a')).rejects.toMatchObject(error);
    expect(stub.records()).toEqual([]);
    await batch('a');
    expect(stub.records()).toEqual(['a']);
  });

  it('refuses a record above 1,000 KiB, as Firehose does', async () => {
    await expect(batch('x'.repeat(1_024_001))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('keeps S3 objects byte for byte, with path-style addresses', async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'audit/dt=2026-11-01/x.jsonl', Body: 'ä\n' }));
    expect(stub.objects.get('b/audit/dt=2026-11-01/x.jsonl')?.body.toString()).toBe('ä\n');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'audit/dt=2026-11-01/x.jsonl' }));
    expect(await Body?.transformToString()).toBe('ä\n');
  });

  it('gives secrets by id', async () => {
    const client = new SecretsManagerClient(settings());
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'gateway/secrets' }));
    expect(SecretString).toBe('{"AIML_API_KEY":"k"}');
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
