/** Sealing with the real S3 client against the stub, which refuses what S3 refuses. */
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3ObjectLocks } from '../../lambda/audit/s3-object-locks.ts';
import { createSealHandler, type SealOptions } from '../../lambda/aws-seal.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const lines = (...days: readonly number[]): string =>
  days.map((each) => `${JSON.stringify({ audit: { retention_days: each } })}\n`).join('');

let stub: AwsStub;
let client: S3Client;
let written: string[];
let logged: string[];
beforeEach(async () => {
  stub = await startAwsStub();
  const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
  client = new S3Client({ endpoint: stub.url, region: 'eu-west-1', credentials, maxAttempts: 2 });
  [written, logged] = [[], []];
});
afterEach(async () => {
  client.destroy();
  await stub.close();
});

const today = (): string => new Date().toISOString().slice(0, 10);
const keyOf = (name: string): string => `audit/dt=${today()}/hr=10/${name}`;

async function put(key: string, body: string | Uint8Array): Promise<string> {
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket: 'evidence', Key: key, Body: body }));
  return VersionId ?? '';
}

const arrival = (key: string, versionId = 'version-1', bucket = 'evidence') => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: bucket }, object: { key, 'version-id': versionId, size: 1 } },
});

function aHandler(over: Partial<SealOptions['settings']> = {}): (event: unknown) => Promise<void> {
  return createSealHandler({
    locks: s3ObjectLocks({ bucket: 'evidence', client }),
    bucket: 'evidence',
    gatewayId: 'gateway',
    settings: { mode: 'GOVERNANCE', retentionDays: 365, now: Date.now, ...over },
    log: (level, message, fields) => logged.push(JSON.stringify({ level, message, ...fields })),
    writeLine: (line) => written.push(line),
  });
}

const versionsOf = (key: string) => stub.versions.get(`evidence/${key}`) ?? [];
const lockOf = (key: string, version = 0) => versionsOf(key)[version]?.lock;
/** Days from the storing of the object until its lock ends. */
const daysLocked = (key: string, version = 0): number => {
  const { storedAt, lock } = versionsOf(key)[version] ?? {};
  const until = Date.parse(lock?.until ?? '');
  // HTTP has whole seconds.
  return (until - Math.floor((storedAt?.getTime() ?? 0) / 1000) * 1000) / DAY_MS;
};

describe('an object that arrives', () => {
  it.each([
    ['as Firehose writes it', 'a.jsonl.gz', gzipSync(lines(30, 400, 7)), 400],
    ['as the function writes it', 'direct-x.jsonl', lines(30), 30],
    ['without a word on retention', 'other.jsonl', '{}\n', 365],
    ['that is no gzip though its name says so', 'odd.jsonl.gz', 'odd', 365],
    ['empty', 'empty.jsonl', '', 365],
  ])('%s is locked for its longest retention', async (_case, name, body, days) => {
    await put(keyOf(name), body);
    await aHandler()(arrival(keyOf(name)));
    expect(lockOf(keyOf(name))?.mode).toBe('GOVERNANCE');
    expect(daysLocked(keyOf(name))).toBe(days);
  });

  it('is locked in the version that arrived, not in a later one', async () => {
    await put(keyOf('a.jsonl'), lines(30));
    await put(keyOf('a.jsonl'), lines(60));
    await aHandler()(arrival(keyOf('a.jsonl'), 'version-1'));
    expect([daysLocked(keyOf('a.jsonl'), 0), lockOf(keyOf('a.jsonl'), 1)]).toEqual([30, undefined]);
  });

  it('is locked in its latest version when its event names none', async () => {
    const { source, detail } = arrival(keyOf('a.jsonl'));
    await put(keyOf('a.jsonl'), lines(30));
    await put(keyOf('a.jsonl'), lines(60));
    await aHandler()({ source, detail: { ...detail, object: { key: keyOf('a.jsonl') } } });
    expect([lockOf(keyOf('a.jsonl'), 0), daysLocked(keyOf('a.jsonl'), 1)]).toEqual([undefined, 60]);
  });

  it('is locked for good only in COMPLIANCE mode', async () => {
    await put(keyOf('a.jsonl'), lines(30));
    await aHandler({ mode: 'COMPLIANCE' })(arrival(keyOf('a.jsonl')));
    expect(lockOf(keyOf('a.jsonl'))?.mode).toBe('COMPLIANCE');
  });

  it('is left alone the second time', async () => {
    await put(keyOf('a.jsonl'), lines(30));
    await aHandler()(arrival(keyOf('a.jsonl')));
    const before = lockOf(keyOf('a.jsonl'));
    await aHandler({ mode: 'COMPLIANCE' })(arrival(keyOf('a.jsonl')));
    expect(lockOf(keyOf('a.jsonl'))).toBe(before);
    expect(logged.at(-1)).toContain('"outcome":"kept"');
  });

  it.each([
    ['longer', 40, 'kept', 40],
    ['shorter', 3, 'extended', 30],
  ])('that somebody locked for %s keeps its mode and loses no day', async (_case, had, outcome, days) => {
    const key = keyOf('a.jsonl');
    await put(key, lines(30));
    const [version] = stub.versions.get(`evidence/${key}`) ?? [];
    if (version === undefined) throw new Error('the object was stored');
    const stored = Math.floor(version.storedAt.getTime() / 1000) * 1000;
    version.lock = { mode: 'COMPLIANCE', until: new Date(stored + had * DAY_MS).toISOString() };
    await aHandler()(arrival(key));
    expect([daysLocked(key), lockOf(key)?.mode]).toEqual([days, 'COMPLIANCE']);
    expect(logged.at(-1)).toContain(`"outcome":"${outcome}"`);
  });

  it('whose time is over stays as it is', async () => {
    await put(keyOf('a.jsonl'), lines(1));
    await aHandler({ now: () => Date.now() + 2 * DAY_MS })(arrival(keyOf('a.jsonl')));
    expect(lockOf(keyOf('a.jsonl'))).toBeUndefined();
  });

  it('is counted', async () => {
    await put(keyOf('a.jsonl'), lines(1));
    await aHandler()(arrival(keyOf('a.jsonl')));
    expect(written.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ Gateway: 'gateway', SealedObjects: 1 }),
    ]);
  });
});

describe('a failure', () => {
  it.each([
    ['one throttled call', { kind: 'throttle' }],
    ['one cut connection', { kind: 'reset' }],
  ] as const)('of %s is repeated by the client', async (_case, fault) => {
    await put(keyOf('a.jsonl'), lines(30));
    stub.fail('s3', fault);
    await aHandler()(arrival(keyOf('a.jsonl')));
    expect(daysLocked(keyOf('a.jsonl'))).toBe(30);
  });

  it('that lasts is told to Lambda, which repeats the event and keeps it in the end', async () => {
    await put(keyOf('a.jsonl'), lines(30));
    stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' }, 10);
    await expect(aHandler()(arrival(keyOf('a.jsonl')))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it.each([
    ['another bucket', arrival('audit/a', 'version-1', 'elsewhere')],
    ['another prefix', arrival('audit-errors/a')],
    ['no object', {}],
    ['nothing', undefined],
    ['too many days', { sweep: { days: 36_501 } }],
    ['no day', { sweep: { days: 0 } }],
  ])('is an event of %s', async (_case, event) => {
    await expect(aHandler()(event)).rejects.toThrow(/audit\/ of evidence|1 to 36500/);
  });
});

describe('the daily look', () => {
  const later = { now: () => Date.now() + HOUR_MS };

  it('seals what nobody has sealed, replaced versions included, and counts it', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(keyOf(`${name}.jsonl`), lines(30));
    await put(keyOf('b.jsonl'), lines(60));
    await aHandler()(arrival(keyOf('a.jsonl')));
    await aHandler(later)({ sweep: { days: 2 } });
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => daysLocked(keyOf(`${name}.jsonl`)))).toEqual(
      Array(5).fill(30),
    );
    expect(daysLocked(keyOf('b.jsonl'), 1)).toBe(60);
    expect(JSON.parse(written.at(-1) ?? '')).toMatchObject({ SweptObjects: 6, UnsealedObjects: 5 });
  });

  it('leaves what has just arrived to its event', async () => {
    await put(keyOf('a.jsonl'), lines(30));
    await aHandler()({ sweep: { days: 1 } });
    expect(lockOf(keyOf('a.jsonl'))).toBeUndefined();
  });

  it('looks no further back than it is told', async () => {
    const old = `audit/dt=${new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10)}/hr=01/a.jsonl`;
    await put(old, lines(30));
    await aHandler(later)({ sweep: { days: 3 } });
    expect(lockOf(old)).toBeUndefined();
    await aHandler(later)({ sweep: { days: 4 } });
    expect(daysLocked(old)).toBe(30);
  });

  it('counts nothing as missed whose time to keep is over', async () => {
    await put(keyOf('a.jsonl'), lines(1));
    await aHandler({ now: () => Date.now() + DAY_MS + HOUR_MS })({ sweep: { days: 3 } });
    expect(JSON.parse(written.at(-1) ?? '')).toMatchObject({ SweptObjects: 1, UnsealedObjects: 0 });
  });

  it('goes on past an object that resists, and fails in the end', async () => {
    for (const name of ['a', 'b', 'c']) await put(keyOf(`${name}.jsonl`), lines(30));
    const locks = s3ObjectLocks({ bucket: 'evidence', client });
    const handler = createSealHandler({
      locks: {
        ...locks,
        lock: (object, lock) =>
          object.key.endsWith('b.jsonl') ? Promise.reject(new Error('no')) : locks.lock(object, lock),
      },
      bucket: 'evidence',
      gatewayId: 'gateway',
      settings: { mode: 'GOVERNANCE', retentionDays: 1, ...later },
      log: (level, message) => logged.push(`${level} ${message}`),
      writeLine: (line) => written.push(line),
    });
    await expect(handler({ sweep: { days: 1 } })).rejects.toThrow('1 of 3 unsealed objects');
    expect([daysLocked(keyOf('a.jsonl')), daysLocked(keyOf('c.jsonl'))]).toEqual([30, 30]);
    expect(logged).toContain('error an object could not be sealed');
  });
});
