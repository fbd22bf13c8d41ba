/** Evidence as Firehose delivers it: compressed objects in which writers mix, in whatever order, and twice at times. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyChain, link, type Chainable } from '../../../lambda/audit/hash-chain.ts';
import { readEvents } from '../../../lambda/audit/read-events.ts';
import { s3Source } from '../../../lambda/audit/s3-source.ts';
import { verifyEvidence, verifyFolder } from '../../../lambda/audit/verify.ts';
import { aDecisionEvent, aStartEvent, storedEvent } from '../../support/a-decision-event.ts';
import { startAwsStub } from '../../support/aws-stub.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const objectName = (number: number) => `dt=2026-11-01/hr=10/audit-1-2026-11-01-10-0${number}-00-abc.jsonl.gz`;

function aChain(writer: string, records: readonly Chainable[]): readonly string[] {
  let head = emptyChain(writer);
  return records.map((record) => {
    const linked = link(record, head);
    head = linked.head;
    return linked.line;
  });
}

const decisions = (writer: string, count: number) =>
  aChain(
    writer,
    Array.from({ length: count }, (_, index) => aDecisionEvent({ event_id: `evt_${writer}${index + 1}` })),
  );

const packed = (lines: readonly string[]) => gzipSync(lines.map((line) => `${line}\n`).join(''));

async function aBucketCopy(objects: readonly (readonly string[])[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const [index, lines] of objects.entries()) await put(dir, objectName(index), packed(lines));
  return dir;
}

async function put(dir: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), bytes);
}

const [a1 = '', a2 = '', a3 = '', a4 = ''] = decisions('a', 4);
const [b1 = '', b2 = ''] = decisions('b', 2);

describe('a downloaded bucket', () => {
  it.each([
    [
      'in order',
      [
        [a1, b1, a2],
        [a3, b2, a4],
      ],
    ],
    [
      'with writers out of order',
      [
        [a3, b2, a2],
        [b1, a1, a4],
      ],
    ],
    [
      'with a record that came twice',
      [
        [a1, b1, a2],
        [a2, a3, b2, a4, a1],
      ],
    ],
    [
      'with a record that came twice before its time',
      [
        [a3, a3, b1, a2],
        [a1, b2, a4, a3],
      ],
    ],
  ])('has no fault %s', async (_, objects) => {
    expect(await verifyFolder(await aBucketCopy(objects))).toMatchObject({ ok: true, events: 6, writers: 2 });
  });

  it.each([
    [
      'a record is gone',
      [
        [a1, b1],
        [a3, b2, a4],
      ],
      [['missing', 'evt_a3']],
    ],
    [
      'a record is gone and the others are out of order',
      [
        [a4, b2],
        [a3, b1, a1],
      ],
      [['missing', 'evt_a3']],
    ],
    [
      'the first record is gone',
      [
        [a2, b1],
        [a3, b2, a4],
      ],
      [['missing', 'evt_a2']],
    ],
    [
      'a record was edited',
      [
        [a1, a2.replace('"allow"', '"block"')],
        [a3, a4],
      ],
      [['altered', 'evt_a2']],
    ],
    [
      'another record took a place',
      [
        [a1, a2, a3],
        [a4, forgedSecond()],
      ],
      [['conflicting', 'evt_forged']],
    ],
  ])('has a fault where %s', async (_, objects, faults) => {
    const found = await verifyFolder(await aBucketCopy(objects));
    expect(found.faults.map(({ kind, event_id: id }) => [kind, id])).toEqual(faults);
  });

  it('has a fault where an object was cut', async () => {
    const dir = await aBucketCopy([[a1, a2]]);
    await put(dir, objectName(1), packed([a3, a4]).subarray(0, -20));
    expect(await verifyFolder(dir)).toMatchObject({
      ok: false,
      faults: [{ kind: 'unreadable', file: objectName(1) }],
    });
  });

  it('shows any change of what its objects hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.nat(255), async (at, byte) => {
        const bytes = gunzipSync(packed([b1, a2, a1]));
        fc.pre(bytes[at % bytes.length] !== byte);
        bytes[at % bytes.length] = byte;
        const dir = await aBucketCopy([[a3, a4], [b2]]);
        await put(dir, objectName(2), gzipSync(bytes));
        expect((await verifyFolder(dir)).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('has no fault in any order', async () => {
    const lines = [...decisions('a', 12), ...decisions('b', 5), ...decisions('c', 3)];
    const order = fc.shuffledSubarray(lines, { minLength: lines.length });
    await fc.assert(
      fc.asyncProperty(order, fc.nat(19), async (mixed, cut) => {
        const dir = await aBucketCopy([mixed.slice(0, cut), mixed.slice(cut)]);
        expect(await verifyFolder(dir)).toMatchObject({ ok: true, events: 20, writers: 3 });
      }),
      { numRuns: 40 },
    );
  });

  it('gives its events out once', async () => {
    const ids: string[] = [];
    for await (const event of readEvents(
      await aBucketCopy([
        [a2, b1],
        [a1, a2],
      ]),
    ))
      ids.push(event.event_id);
    expect(ids).toEqual(['evt_a2', 'evt_b1', 'evt_a1']);
  });
});

describe('start records', () => {
  const decision = (id: string) => aDecisionEvent({ event_id: id });
  const start = (id: string) => aStartEvent({}, decision(id));
  const [s1 = '', d1 = '', s2 = ''] = aChain('a', [start('evt_1'), decision('evt_1'), start('evt_2')]);

  it('without an end are told, and are no fault', async () => {
    expect(await verifyFolder(await aBucketCopy([[s1, d1], [s2]]))).toMatchObject({
      ok: true,
      notice_count: 1,
      notices: [{ kind: 'unfinished', event_id: 'sta_2', file: objectName(1) }],
    });
  });

  it.each([
    ['after its decision', [[d1, s1]]],
    ['twice', [[s1, d1], [s1]]],
  ])('have an end when the start is delivered %s', async (_, objects) => {
    expect(await verifyFolder(await aBucketCopy(objects))).toMatchObject({ ok: true, notice_count: 0 });
  });
});

describe('clocks', () => {
  it('that are ahead of the hour an event was stored in are told', async () => {
    const lines = aChain('a', [aDecisionEvent({ timestamp: '2026-11-01T11:20:00.000000Z' })]);
    expect(await verifyFolder(await aBucketCopy([lines]))).toMatchObject({
      ok: true,
      notices: [{ kind: 'clock', line: 1 }],
    });
  });
});

describe('a bucket', () => {
  it('is verified where it lies, page by page', async () => {
    const stub = await startAwsStub();
    onTestFinished(() => stub.close());
    const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
    const client = { endpoint: stub.url, region: 'eu-west-1', credentials, forcePathStyle: true };
    const s3 = new S3Client(client);
    for (const [index, lines] of [[a3, b1], [a1], [a2, b2], [a4]].entries()) {
      const Key = `audit/${objectName(index)}`;
      await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key, Body: packed(lines) }));
    }
    const source = s3Source({ bucket: 'evidence', prefix: 'audit/', client });
    expect(await verifyEvidence(source)).toMatchObject({ ok: true, events: 6, writers: 2, files: 4 });
    await s3.send(
      new PutObjectCommand({ Bucket: 'evidence', Key: `audit/${objectName(0)}`, Body: packed([b1]) }),
    );
    expect((await verifyEvidence(source)).faults).toMatchObject([{ kind: 'missing', event_id: 'evt_a4' }]);
  });
});

/** Another event in the second place of writer a. */
function forgedSecond(): string {
  const [first = ''] = decisions('a', 1);
  const { chain } = storedEvent(first);
  return link(aDecisionEvent({ event_id: 'evt_forged' }), { writerId: 'a', seq: 1, hash: chain.hash }).line;
}
