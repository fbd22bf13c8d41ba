/** Checkpoints of a bucket, signed by a key in KMS: made after all of it was verified, and proving what is gone. */
import { createVerify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint } from '../../../lambda/audit/checkpoint.ts';
import { emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import { KmsKeyUnusable, openKmsSigner } from '../../../lambda/audit/kms-signer.ts';
import { openLocalSigner } from '../../../lambda/audit/local-signer.ts';
import { EvidenceNotValid, s3Lake } from '../../../lambda/audit/s3-lake.ts';
import { pemOfPublicKey } from '../../../lambda/audit/signature.ts';
import { verifyEvidence } from '../../../lambda/audit/verify.ts';
import { addCheckpoint } from '../../../lambda/audit/write-checkpoint.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';
import { startAwsStub } from '../../support/aws-stub.ts';
import { startKmsStub } from '../../support/kms-stub.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 3, 12);
const FIRST = 'dt=2026-11-01/hr=10/audit-1-2026-11-01-10-00-00-x.jsonl.gz';
const SECOND = 'dt=2026-11-01/hr=11/audit-1-2026-11-01-11-00-00-x.jsonl.gz';
const CHECKPOINT = 'evidence/audit/checkpoints/00000001.json';
const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };

function aChain(writer: string, count: number): readonly string[] {
  let head = emptyChain(writer);
  return Array.from({ length: count }, (_, index) => {
    const linked = link(aDecisionEvent({ event_id: `evt_${writer}${index + 1}` }), head);
    head = linked.head;
    return linked.line;
  });
}
const [a1 = '', a2 = '', a3 = ''] = aChain('a', 3);
const [b1 = '', b2 = ''] = aChain('b', 2);

async function aBucket(algorithms?: readonly string[]) {
  const stub = await startAwsStub();
  const kms = await startKmsStub(algorithms);
  onTestFinished(async () => {
    await stub.close();
    await kms.close();
  });
  const client = { endpoint: stub.url, region: 'eu-west-1', credentials, forcePathStyle: true };
  const s3 = new S3Client(client);
  const put = async (path: string, lines: readonly string[]) => {
    const Body = gzipSync(lines.map((line) => `${line}\n`).join(''));
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: `audit/${path}`, Body }));
  };
  const expire = (path: string) => stub.expire(`evidence/audit/${path}`);
  await put(FIRST, [a2, b1, a1]);
  await put(SECOND, [b2, a3]);
  const lake = s3Lake({ bucket: 'evidence', prefix: 'audit/', client });
  const signer = () =>
    openKmsSigner({ keyId: 'alias/audit', client: { endpoint: kms.url, region: 'eu-west-1', credentials } });
  const vouch = () => addCheckpoint(lake, { signer, now: NOW, digestKey: null });
  return { stub, kms, put, expire, lake, signer, vouch };
}

describe('a checkpoint of a bucket', () => {
  it('names where the chains end that mix in its objects', async () => {
    const { vouch, stub, kms } = await aBucket();
    expect(await vouch()).toEqual({ path: 'checkpoints/00000001.json', number: 1, heads: 2 });
    expect(readCheckpoint(String(stub.objects.get(CHECKPOINT)?.body))).toMatchObject({
      complete_before: 'dt=2026-11-02/hr=11',
      heads: [
        { writer_id: 'a', seq: 3, file: SECOND },
        { writer_id: 'b', seq: 2, file: SECOND },
      ],
    });
    expect(kms.calls).toEqual(['GetPublicKey alias/audit', 'Sign alias/audit']);
  });

  it('names where chains ended on each day, and for how long it keeps them', async () => {
    const { vouch, stub, put } = await aBucket();
    const next = 'dt=2026-11-02/hr=00/audit-1-2026-11-02-00-00-00-x.jsonl.gz';
    await put(SECOND, [b2]);
    await put(next, [a3]);
    expect(await vouch()).toMatchObject({ heads: 2 });
    expect(readCheckpoint(String(stub.objects.get(CHECKPOINT)?.body))).toMatchObject({
      retention_days: 90,
      heads: [
        { writer_id: 'a', seq: 2, file: FIRST },
        { writer_id: 'a', seq: 3, file: next },
        { writer_id: 'b', seq: 2, file: SECOND },
      ],
    });
  });

  it('leaves evidence without a fault, and is not made twice of the same', async () => {
    const { vouch, lake } = await aBucket();
    await vouch();
    expect(await vouch()).toBeUndefined();
    expect(await verifyEvidence(lake.source)).toMatchObject({ ok: true, vouching: { checkpoints: 1 } });
  });

  it('takes the next number when another one came first', async () => {
    const { vouch, lake, stub, put } = await aBucket();
    await vouch();
    const stored = stub.objects.get(CHECKPOINT);
    expect(await lake.create('checkpoints/00000001.json', 'x')).toBe(false);
    expect(stub.objects.get(CHECKPOINT)).toBe(stored);
    await put('dt=2026-11-03/hr=11/c.jsonl.gz', aChain('c', 1));
    expect(await vouch()).toMatchObject({ number: 2, heads: 1 });
  });

  it('shows an object that is gone, though no chain has a gap', async () => {
    const { vouch, lake, put } = await aBucket();
    await vouch();
    await put(SECOND, []);
    const { faults } = await verifyEvidence(lake.source);
    expect(faults).toMatchObject([
      { kind: 'removed', file: SECOND },
      { kind: 'removed', file: SECOND },
    ]);
    expect(faults[0]?.message).toContain('writer a ends with event 2, 1 before its end');
  });

  it('shows a chain that was put into hours that are over', async () => {
    const { vouch, lake, put } = await aBucket();
    await vouch();
    await put('dt=2026-11-01/hr=12/audit-1-2026-11-01-12-00-00-x.jsonl.gz', aChain('z', 1));
    expect((await verifyEvidence(lake.source)).faults).toMatchObject([
      { kind: 'inserted', event_id: 'evt_z1' },
    ]);
  });

  it('is not made of evidence that has faults', async () => {
    const { vouch, put } = await aBucket();
    await put(FIRST, [a2, b1]);
    await expect(vouch()).rejects.toBeInstanceOf(EvidenceNotValid);
  });
});

describe('a bucket whose lifecycle removed days', () => {
  const DAY_MS = 86_400_000;
  const LATE_SECOND = 'dt=2026-11-02/hr=00/audit-1-2026-11-02-00-00-00-x.jsonl.gz';
  /** Events are kept for 90 days, and until the midnight after. */
  const OVER = Date.UTC(2027, 0, 31);

  /** The chain `a` lives over midnight, the chain `b` does not; the first day is gone. */
  async function anOldBucket() {
    const bucket = await aBucket();
    await bucket.put(SECOND, [b2, a2]);
    await bucket.put(FIRST, [b1, a1]);
    await bucket.put(LATE_SECOND, [a3]);
    await bucket.vouch();
    for (const path of [FIRST, SECOND]) bucket.expire(path);
    return bucket;
  }

  it('is without fault once the day is past its retention, and tells what it lacks', async () => {
    const { lake } = await anOldBucket();
    const { ok, events, notices } = await verifyEvidence(lake.source, { now: OVER });
    expect({ ok, events }).toEqual({ ok: true, events: 1 });
    expect(notices).toMatchObject([{ kind: 'expired', file: 'checkpoints/00000001.json' }]);
    expect(notices[0]?.message).toContain('2 chains lack events of days');
  });

  it('has faults a moment before', async () => {
    const { lake } = await anOldBucket();
    const { faults } = await verifyEvidence(lake.source, { now: OVER - 1 });
    expect(faults.map(({ kind }) => kind)).toEqual(['missing', 'removed']);
  });

  it('has a fault when the day after is gone, too', async () => {
    const { lake, expire } = await anOldBucket();
    expire(LATE_SECOND);
    expect((await verifyEvidence(lake.source, { now: OVER })).faults).toMatchObject([
      { kind: 'removed', file: LATE_SECOND },
    ]);
    expect(await verifyEvidence(lake.source, { now: OVER + DAY_MS })).toMatchObject({ ok: true, events: 0 });
  });

  it('has a fault when what is left of the day was changed', async () => {
    const { lake, put } = await anOldBucket();
    await put(SECOND, [a2.replace('"route"', '"roude"')]);
    expect(await verifyEvidence(lake.source, { now: OVER })).toMatchObject({ ok: false });
  });

  it('may keep a part of a day a while longer', async () => {
    const { lake, put } = await anOldBucket();
    await put(SECOND, [b2, a2]);
    expect(await verifyEvidence(lake.source, { now: OVER })).toMatchObject({ ok: true, events: 3 });
  });

  it('has faults though a checkpoint of another key says that nothing is kept for long', async () => {
    const { lake } = await anOldBucket();
    const heads = [{ writer_id: 'x', seq: 1, hash: '0'.repeat(64), file: FIRST }];
    const forged = { ...lake, ends: () => Promise.resolve({ heads, retentionDays: 1 }) };
    const dir = await temporaryFolder();
    await addCheckpoint(forged, { signer: () => openLocalSigner(dir), now: NOW, digestKey: null });
    const { faults, notices } = await verifyEvidence(lake.source, { now: NOW });
    expect(faults.map(({ kind }) => kind)).toContain('missing');
    expect(notices).toMatchObject([{ kind: 'key' }]);
  });

  it('has faults, whatever its age, where no checkpoint saw the day', async () => {
    const { lake, expire } = await anOldBucket();
    expire('checkpoints/00000001.json');
    expect((await verifyEvidence(lake.source, { now: OVER })).faults).toMatchObject([{ kind: 'missing' }]);
  });
});

describe('a key in KMS', () => {
  it('signs so that others can check it with its PEM', async () => {
    const { signer } = await aBucket();
    const key = await signer();
    const signature = await key.sign(Buffer.from('message'));
    const isRight = createVerify('sha256').update('message').verify(pemOfPublicKey(key.publicKey), signature);
    expect(isRight).toBe(true);
  });

  it('is refused when it can not sign as checkpoints are signed', async () => {
    const { signer } = await aBucket(['RSASSA_PSS_SHA_256']);
    await expect(signer()).rejects.toBeInstanceOf(KmsKeyUnusable);
  });
});
