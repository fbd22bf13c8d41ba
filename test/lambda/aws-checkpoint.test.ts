/** The daily checkpoint with the real S3 and KMS clients: signed, locked, once, and behind the one before. */
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint } from '../../lambda/audit/checkpoint.ts';
import { emptyChain, link } from '../../lambda/audit/hash-chain.ts';
import { openKmsSigner } from '../../lambda/audit/kms-signer.ts';
import { s3Lake } from '../../lambda/audit/s3-lake.ts';
import { verifyEvidence } from '../../lambda/audit/verify.ts';
import { createCheckpointHandler } from '../../lambda/aws-checkpoint.ts';
import { aDecisionEvent } from '../support/a-decision-event.ts';
import { startAwsStub } from '../support/aws-stub.ts';
import { startKmsStub } from '../support/kms-stub.ts';

const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
const region = 'eu-west-1';
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 10, 3, 1, 20);
const EARLY = 'dt=2026-11-01/hr=10/x.jsonl.gz';
const LATE = 'dt=2026-11-03/hr=00/x.jsonl.gz';
const NEXT = 'dt=2026-11-03/hr=23/x.jsonl.gz';

function aChain(writer: string, count: number, requestId = 'req'): readonly string[] {
  let head = emptyChain(writer);
  return Array.from({ length: count }, (_, index) => {
    const event = aDecisionEvent({ event_id: `evt_${writer}${index + 1}`, request_id: requestId });
    const linked = link(event, head);
    head = linked.head;
    return linked.line;
  });
}
const [a1 = '', a2 = '', a3 = '', a4 = ''] = aChain('a', 4);

async function aDeployment() {
  const stub = await startAwsStub();
  const kms = await startKmsStub();
  onTestFinished(async () => {
    await stub.close();
    await kms.close();
  });
  const client = { endpoint: stub.url, region, credentials, forcePathStyle: true };
  const s3 = new S3Client(client);
  const put = async (path: string, lines: readonly string[]): Promise<void> => {
    const Body = gzipSync(lines.map((line) => `${line}\n`).join(''));
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: `audit/${path}`, Body }));
  };
  let now = FIRST_DAY;
  const signer = () =>
    openKmsSigner({ keyId: 'arn:key', client: { endpoint: kms.url, region, credentials } });
  const place = { bucket: 'evidence', prefix: 'audit/', client };
  const written: string[] = [];
  const logged: string[] = [];
  const handler = createCheckpointHandler({
    lake: s3Lake({
      ...place,
      since: async () => (await signer()).publicKey,
      lock: { mode: 'GOVERNANCE', days: 30, now: () => now },
    }),
    signer,
    gatewayId: 'gateway',
    now: () => now,
    log: (level, message, fields) => logged.push(JSON.stringify({ level, message, ...fields })),
    writeLine: (line) => written.push(line),
  });
  const checkpoint = (number: number) => {
    const stored = stub.objects.get(`evidence/audit/checkpoints/0000000${number}.json`);
    return stored && { headers: stored.headers, says: readCheckpoint(String(stored.body)) };
  };
  const nextDay = (): void => void (now += DAY_MS);
  await put(EARLY, [a1]);
  await put(LATE, [a3, a2]);
  return { stub, kms, put, signer, handler, checkpoint, nextDay, written, logged, lake: s3Lake(place) };
}

describe('the daily checkpoint', () => {
  it('names where the chains end, and vouches for the day that is complete', async () => {
    const { handler, checkpoint, logged, written } = await aDeployment();
    await handler();
    expect(checkpoint(1)?.says).toMatchObject({
      number: 1,
      complete_before: 'dt=2026-11-02/hr=00',
      heads: [
        { writer_id: 'a', seq: 1, file: EARLY },
        { writer_id: 'a', seq: 3, file: LATE },
      ],
    });
    expect(logged).toEqual([
      '{"level":"info","message":"checkpoint written","path":"checkpoints/00000001.json","chains":1}',
    ]);
    expect(written).toMatchObject([expect.stringContaining('"Checkpoints":1')]);
  });

  it('is locked from its first moment on, for the retention of the deployment', async () => {
    const { handler, checkpoint } = await aDeployment();
    await handler();
    expect(checkpoint(1)?.headers).toMatchObject({
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-object-lock-retain-until-date': '2026-12-03T01:20:00Z',
    });
  });

  it('is believed by a verification that knows the public key', async () => {
    const { handler, lake, signer } = await aDeployment();
    await handler();
    const trust = { publicKeys: [(await signer()).publicKey], anchors: [] };
    expect(await verifyEvidence(lake.source, { trust })).toMatchObject({
      ok: true,
      vouching: { checkpoints: 1 },
    });
  });

  it('is written once, though its event comes twice', async () => {
    const { handler, checkpoint, kms, written } = await aDeployment();
    await handler();
    await handler();
    expect(checkpoint(2)).toBeUndefined();
    expect(kms.calls.filter((call) => call.startsWith('Sign'))).toHaveLength(1);
    expect(written.at(-1)).toContain('"Checkpoints":0');
  });

  it('gives one number to one of two that run at once', async () => {
    const { handler, checkpoint, lake } = await aDeployment();
    await Promise.all([handler(), handler()]);
    expect(checkpoint(1)).toBeDefined();
    expect(await verifyEvidence(lake.source)).toMatchObject({ ok: true });
  });
});

describe('the day after', () => {
  it('goes on behind the last checkpoint, and reads no hour that was complete', async () => {
    const { handler, checkpoint, nextDay, put, lake } = await aDeployment();
    await handler();
    nextDay();
    // What the first checkpoint vouched for does not have to be there any more: retention removes it.
    await put(EARLY, []);
    await put(NEXT, [a4, a3]);
    await handler();
    expect(checkpoint(2)?.says).toMatchObject({ number: 2, heads: [{ writer_id: 'a', seq: 4, file: NEXT }] });
    // The verification of everything does miss it.
    expect(await verifyEvidence(lake.source)).toMatchObject({ ok: false });
  });

  it.each([
    ['an event is gone that should link to the last checkpoint', [aChain('a', 5)[4] ?? '']],
    ['another event stands where the last checkpoint saw one', [aChain('a', 3, 'other')[2] ?? '']],
    ['a line was changed', [a4.replace('"req"', '"rex"')]],
    ['a new chain lacks its first event', [aChain('b', 2)[1] ?? '']],
  ])('is refused, and fails for Lambda to tell, where %s', async (_, lines) => {
    const { handler, checkpoint, nextDay, put, logged } = await aDeployment();
    await handler();
    nextDay();
    await put(NEXT, lines);
    await expect(handler()).rejects.toThrow(/1 faults, the first: \w+ in dt=2026-11-03/);
    expect(checkpoint(2)).toBeUndefined();
    expect(logged.at(-1)).toContain('"level":"error","message":"the evidence has faults"');
  });

  it('begins anew where the last checkpoint was signed by somebody else', async () => {
    const { stub, handler, nextDay, put } = await aDeployment();
    await handler();
    nextDay();
    const own = stub.objects.get('evidence/audit/checkpoints/00000001.json');
    const forged = String(own?.body).replace('"seq":3', '"seq":4');
    const s3 = new S3Client({ endpoint: stub.url, region, credentials, forcePathStyle: true });
    const Key = 'audit/checkpoints/00000001.json';
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key, Body: forged }));
    await put(EARLY, []);
    await put(NEXT, [a4]);
    await expect(handler()).rejects.toThrow(/faults/);
  });
});

it('a bucket that refuses is told, and fails for Lambda to try again', async () => {
  const { stub, handler, logged } = await aDeployment();
  stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' }, 4);
  await expect(handler()).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(logged.at(-1)).toContain('no checkpoint could be written');
});
