/** The stores of captures: a folder and a delivery stream; what goes wrong costs the capture, is told, and nothing else. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsDelivery } from '../../../lambda/audit/aws-delivery.ts';
import { captureCipher, isSealed } from '../../../lambda/audit/capture-cipher.ts';
import { openCaptureFiles } from '../../../lambda/audit/capture-files.ts';
import { captureQueue, type CaptureSink } from '../../../lambda/audit/capture-sink.ts';
import { openCaptureStream } from '../../../lambda/audit/capture-stream.ts';
import { CAPTURE_VERSION, MOST_CAPTURED, type Capture } from '../../../lambda/audit/capture.ts';
import { folderSource } from '../../../lambda/audit/folder-source.ts';
import { isUnreadable, readCaptures } from '../../../lambda/audit/read-captures.ts';
import { sweep } from '../../../lambda/audit/retention.ts';
import type { AuditLog } from '../../../lambda/audit/sink.ts';
import { isRecord } from '../../../lambda/config/canonical-json.ts';
import { aCapture } from '../../support/a-capture.ts';
import { startAwsStub } from '../../support/aws-stub.ts';
import { runs } from '../../support/runs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DIGEST_KEY = 'a'.repeat(64);

interface Recorded {
  readonly log: AuditLog;
  readonly lines: string[];
}

function aLog(): Recorded {
  const lines: string[] = [];
  return {
    lines,
    log: (level, message, fields) => void lines.push(JSON.stringify({ level, message, ...fields })),
  };
}

const capturesOf = (count: number): readonly Capture[] =>
  Array.from({ length: count }, (_, index) => aCapture({ event_id: `evt_${index + 1}` }));
const keepAll = async (sink: CaptureSink, captures: readonly Capture[]) =>
  Promise.all(captures.map((capture) => sink.keep(capture.event_id, () => capture)));

describe('the queue before a store', () => {
  const queueOf = (store: () => Promise<void>, log: AuditLog, onFailure = () => undefined) =>
    captureQueue({ store, most: 10, log, onFailure });

  it('makes nothing in the turn in which it is asked: the answer goes first', async () => {
    const order: string[] = [];
    const sink = queueOf(async () => undefined, aLog().log);
    const keeping = sink.keep('evt_1', () => {
      order.push('capture');
      return aCapture();
    });
    order.push('answer');
    expect([await keeping, order]).toEqual(['stored', ['answer', 'capture']]);
  });

  it('is settled when everything that was asked for is stored', async () => {
    let stored = 0;
    const sink = captureQueue({
      store: async (lines) => void (stored += lines.length),
      most: 2,
      log: aLog().log,
    });
    void keepAll(sink, capturesOf(5));
    await sink.settled();
    expect(stored).toBe(5);
  });

  it.each([
    [
      'the store fails',
      async () => Promise.reject(new RangeError('a path or a host')),
      () => aCapture(),
      'RangeError',
    ],
    [
      'the capture can not be made',
      async () => undefined,
      () => raise(new SyntaxError('my text')),
      'SyntaxError',
    ],
  ])('tells of the event and no more when %s', async (_case, store, make, reason) => {
    const { log, lines } = aLog();
    let failures = 0;
    const sink = queueOf(store, log, () => void (failures += 1));
    expect(await sink.keep('evt_1', make)).toBe('failed');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { level: 'warn', message: 'a capture could not be stored', event_id: 'evt_1', reason },
    ]);
    expect(failures).toBe(1);
  });

  it('takes no more than it has room for, and goes on when there is room again', async () => {
    const { log, lines } = aLog();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const sink = queueOf(async () => gate, log);
    const waiting = keepAll(sink, capturesOf(200));
    open();
    const outcomes = await waiting;
    const failed = outcomes.filter((outcome) => outcome === 'failed');
    expect(failed).toHaveLength(200 - 128);
    expect(lines).toHaveLength(failed.length);
    expect(await sink.keep('evt_x', () => aCapture())).toBe('stored');
  });
});

function raise(error: Error): never {
  throw error;
}

describe('the seal', () => {
  it('opens to what was sealed, whatever it is, and to nothing with one byte changed', () => {
    const cipher = captureCipher({ digestKey: DIGEST_KEY, writerId: 'w' });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(), (text, eventId, place) => {
        const line: unknown = JSON.parse(cipher.seal(eventId, text));
        if (!isRecord(line) || !isSealed(line)) throw new Error('not sealed');
        expect(cipher.open(line)).toBe(text.toWellFormed());
        const bytes = Buffer.from(line.data, 'base64');
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ 1;
        expect(() => cipher.open({ ...line, data: bytes.toString('base64') })).toThrow(/authenticate/);
      }),
      runs(100),
    );
  });

  it('opens neither under the key of another writer nor when its tag is gone', () => {
    const line: unknown = JSON.parse(
      captureCipher({ digestKey: DIGEST_KEY, writerId: 'w' }).seal('evt', 'text'),
    );
    if (!isRecord(line) || !isSealed(line)) throw new Error('not sealed');
    const other = captureCipher({ digestKey: DIGEST_KEY, writerId: 'v' });
    expect(() => other.open(line)).toThrow(/authenticate/);
    expect(() => other.open({ ...line, data: '' })).toThrow(/tag/i);
  });
});

describe('the folder', () => {
  const HOUR = Date.UTC(2026, 10, 1, 10);
  const DIR = 'captures/dt=2026-11-01/hr=10';

  const openIn = (auditDir: string, log: AuditLog = () => undefined) =>
    openCaptureFiles({ auditDir, writerId: 'w', digestKey: DIGEST_KEY, now: () => HOUR, log });
  async function readBack(auditDir: string): Promise<readonly string[]> {
    const source = folderSource(join(auditDir, 'captures'));
    const found: string[] = [];
    for await (const each of readCaptures({ source, digestKey: DIGEST_KEY })) {
      found.push(isUnreadable(each) ? each.why : each.event_id);
    }
    return found;
  }

  it('holds nothing before the first capture', async () => {
    const dir = await temporaryFolder();
    await openIn(dir).settled();
    expect(await readdir(dir)).toEqual([]);
  });

  it('gives back what was kept, in its order', async () => {
    const dir = await temporaryFolder();
    await keepAll(openIn(dir), capturesOf(20));
    expect(await readBack(dir)).toEqual(capturesOf(20).map(({ event_id: id }) => id));
  });

  it('costs a capture when it can not be written, and takes the next one when it can', async () => {
    const dir = await temporaryFolder();
    const { log, lines } = aLog();
    const sink = openIn(dir, log);
    await mkdir(dirname(join(dir, DIR)), { recursive: true });
    await writeFile(join(dir, DIR), 'a file in the way');
    expect(await sink.keep('evt_1', () => aCapture())).toBe('failed');
    await rm(join(dir, DIR));
    expect(await sink.keep('evt_2', () => aCapture({ event_id: 'evt_2' }))).toBe('stored');
    expect(lines.join()).toMatch(/EEXIST|ENOTDIR/);
    expect(await readBack(dir)).toEqual(['evt_2']);
  });

  it('is emptied by a retention of its own, which leaves no mark among the evidence', async () => {
    const dir = await temporaryFolder();
    for (const place of [
      'captures/dt=2026-10-01',
      'captures/dt=2026-10-31',
      'dt=2026-10-01',
      'captures/other',
    ]) {
      await mkdir(join(dir, place), { recursive: true });
    }
    const { log, lines } = aLog();
    await sweep({ dir, retentionDays: 365, captureRetentionDays: 7, now: () => HOUR, log });
    expect((await readdir(join(dir, 'captures'))).sort()).toEqual(['dt=2026-10-31', 'other']);
    expect((await readdir(dir)).sort()).toEqual(['captures', 'dt=2026-10-01']);
    expect(lines.join()).toContain('captures past their retention are removed');
  });

  it('that can not be read is told', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'captures'), 'a file in the way');
    const { log, lines } = aLog();
    await sweep({ dir, retentionDays: 1, now: () => HOUR, log });
    expect(lines.join()).toContain('captures past their retention could not be removed');
  });
});

describe('the delivery stream', () => {
  async function aStream(tries = [5000, 5000]) {
    const stub = await startAwsStub();
    const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
    const client = { endpoint: stub.url, region: 'eu-west-1', credentials };
    const delivery = awsDelivery({ streamName: 'captures', bucketName: 'evidence', client });
    const recorded = aLog();
    let failures = 0;
    const sink = openCaptureStream({
      delivery,
      log: recorded.log,
      onFailure: () => void (failures += 1),
      tries: tries.map((timeoutMs) => ({ pauseMs: 0, timeoutMs })),
    });
    onTestFinished(async () => {
      await delivery.close();
      await stub.close();
    });
    return { stub, sink, lines: recorded.lines, failures: () => failures };
  }

  it('takes captures as lines of JSON, several in one call', async () => {
    const { stub, sink } = await aStream();
    await keepAll(sink, capturesOf(9));
    const texts = stub.records().map((record): unknown => JSON.parse(record));
    expect(texts).toEqual(capturesOf(9));
    expect(stub.records().every((record) => record.endsWith('\n'))).toBe(true);
    expect(stub.calls.firehose).toBeLessThan(9);
    expect(stub.batches.every(({ stream }) => stream === 'captures')).toBe(true);
  });

  it('sends what was refused again, and only that', async () => {
    const { stub, sink, failures } = await aStream();
    stub.fail('firehose', { kind: 'partial', failed: [0] });
    expect(await keepAll(sink, capturesOf(4))).toEqual(Array.from({ length: 4 }, () => 'stored'));
    expect(stub.records()).toHaveLength(4);
    expect(failures()).toBe(0);
  });

  it.each([
    ['throttled', { kind: 'throttle' }, /"reason":"\w+"/],
    ['out of order', { kind: 'status', status: 500, code: 'InternalFailure' }, /InternalFailure/],
    ['cut', { kind: 'reset' }, /"reason":"\w+"/],
    ['refusing', { kind: 'partial', failed: [0] }, /"reason":"\w+"/],
  ] as const)(
    'that is %s costs the capture and is counted, and nothing goes to S3',
    async (_case, fault, reason) => {
      const { stub, sink, lines, failures } = await aStream();
      stub.fail('firehose', fault, 2);
      expect(await sink.keep('evt_1', () => aCapture())).toBe('failed');
      expect(failures()).toBe(1);
      expect(lines.join()).toMatch(reason);
      expect(lines.join()).not.toContain('REDACTED');
      expect(stub.objects.size).toBe(0);
    },
  );

  it('that hangs is given up', async () => {
    const { stub, sink } = await aStream([50, 50]);
    stub.fail('firehose', { kind: 'hang' }, 2);
    expect(await sink.keep('evt_1', () => aCapture())).toBe('failed');
  });

  it('takes the largest capture that can be', () => {
    const text = '\u0001'.repeat(MOST_CAPTURED);
    const side = { withheld: null, texts: [{ lane: '/a', role: 'user', content: 'message', text }] } as const;
    const capture = aCapture({ prompt: side, answer: side, requested_model: 'm'.repeat(1000) });
    expect(Buffer.byteLength(JSON.stringify(capture))).toBeLessThan(1000 * 1024);
  });
});

describe('reading captures', () => {
  it('takes lines as a bucket gives them, and leaves alone what is none', async () => {
    const lines = [
      JSON.stringify(aCapture()),
      JSON.stringify({ ...aCapture(), capture_version: '9.0' }),
      '{"sealed":"A256GCM"}',
      'torn',
      '',
    ];
    const source = {
      paths: async () => ['dt=2026-11-01/hr=10/x.jsonl'],
      read: async function* () {
        yield Buffer.from(lines.join('\n'));
      },
    };
    const found: unknown[] = [];
    for await (const each of readCaptures({ source, digestKey: undefined })) {
      found.push(isUnreadable(each) ? each.why : each.capture_version);
    }
    expect(found).toEqual([CAPTURE_VERSION, 'form', 'form', 'form']);
  });
});
