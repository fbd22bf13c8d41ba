/** What is particular to evidence in a folder: hours, clocks, disks, and folders that come and go. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AdditionFailure, createEvidenceFile } from '../../../lambda/audit/evidence-file.ts';
import { openFileSink, type FileSinkOptions } from '../../../lambda/audit/file-sink.ts';
import { AuditUnavailable } from '../../../lambda/audit/sink.ts';
import { expectUnbroken, noLog, recordingLog } from '../../contract/audit-sink.ts';
import { aDecisionEvent, decisionEvents, storedEvent } from '../../support/a-decision-event.ts';
import { evidenceFiles, storedLines } from '../../support/stored-lines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour, 30);

async function aSink(options: Partial<FileSinkOptions> = {}) {
  const dir = options.dir ?? (await temporaryFolder());
  const sink = await openFileSink({
    writerId: 'writer',
    retentionDays: 90,
    now: () => at(1, 10),
    log: noLog,
    ...options,
    dir,
  });
  onTestFinished(() => sink.close());
  return { dir, sink };
}

describe('the folder of evidence', () => {
  it('has a folder for each day and hour in UTC, and a file for each writer', async () => {
    const { dir, sink } = await aSink();
    await sink.append(aDecisionEvent());
    expect(await evidenceFiles(dir)).toEqual(['dt=2026-11-01/hr=10/writer.jsonl']);
  });

  it('holds nothing before the first event', async () => {
    const { dir } = await aSink();
    expect(await readdir(dir)).toEqual([]);
  });

  it('is made where it is missing', async () => {
    const dir = join(await temporaryFolder(), 'deep', 'audit');
    const { sink } = await aSink({ dir });
    await sink.append(aDecisionEvent());
    expect(await storedLines(dir)).toHaveLength(1);
  });

  it('goes on with the chain in the next hour and the next day', async () => {
    const times = [at(1, 22), at(1, 23), at(2, 0)];
    const { dir, sink } = await aSink({ now: () => times[0] ?? 0 });
    for (const event of decisionEvents(3)) {
      await sink.append(event);
      times.shift();
    }
    expect(await evidenceFiles(dir)).toEqual([
      'dt=2026-11-01/hr=22/writer.jsonl',
      'dt=2026-11-01/hr=23/writer.jsonl',
      'dt=2026-11-02/hr=00/writer.jsonl',
    ]);
    expectUnbroken(await storedLines(dir));
  });

  it('stays in the later hour when the clock is set back', async () => {
    const times = [at(1, 10), at(1, 11), at(1, 10)];
    const { dir, sink } = await aSink({ now: () => times[0] ?? 0 });
    for (const event of decisionEvents(3)) {
      await sink.append(event);
      times.shift();
    }
    expect(await evidenceFiles(dir)).toEqual([
      'dt=2026-11-01/hr=10/writer.jsonl',
      'dt=2026-11-01/hr=11/writer.jsonl',
    ]);
    expectUnbroken(await storedLines(dir));
  });

  it('is shared by two writers, each with its own chain', async () => {
    const { dir, sink } = await aSink({ writerId: 'one' });
    const { sink: other } = await aSink({ dir, writerId: 'two' });
    await Promise.all([
      ...decisionEvents(5).map((event) => sink.append(event)),
      other.append(aDecisionEvent()),
    ]);
    const lines = await storedLines(dir);
    expectUnbroken(lines.filter((line) => storedEvent(line).chain.writer_id === 'one'));
    expectUnbroken(lines.filter((line) => storedEvent(line).chain.writer_id === 'two'));
    expect(lines).toHaveLength(6);
  });

  it('takes a second chain from a writer whose file is there already', async () => {
    const { dir, sink } = await aSink();
    const { sink: namesake } = await aSink({ dir });
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    await namesake.append(aDecisionEvent({ event_id: 'evt_2' }));
    await sink.append(aDecisionEvent({ event_id: 'evt_3' }));
    const chains = (await storedLines(dir)).map((line) => storedEvent(line).chain);
    expect(chains.map(({ writer_id, seq }) => `${writer_id} ${seq}`)).toEqual([
      'writer-2 1',
      'writer 1',
      'writer 2',
    ]);
  });
});

describe('a folder that fails', () => {
  it.each([
    [
      'below a file',
      async (parent: string) => {
        await writeFile(join(parent, 'file'), '');
        return join(parent, 'file', 'audit');
      },
      /file.*; make it writable/,
    ],
    [
      'a file',
      async (parent: string) => {
        await writeFile(join(parent, 'audit'), '');
        return join(parent, 'audit');
      },
      /EEXIST/,
    ],
  ])('is refused at start, with the reason: %s', async (_, place, reason) => {
    const dir = await place(await temporaryFolder());
    const opened = openFileSink({ dir, writerId: 'w', retentionDays: 1, now: () => at(1, 1), log: noLog });
    await expect(opened).rejects.toBeInstanceOf(AuditUnavailable);
    await expect(opened).rejects.toThrow(reason);
  });

  it.each(['', '../up', 'a/b', 'a b'])('is not asked to hold a writer named "%s"', async (writerId) => {
    const dir = await temporaryFolder();
    const opened = openFileSink({ dir, writerId, retentionDays: 1, now: () => at(1, 1), log: noLog });
    await expect(opened).rejects.toThrow(/writer id/);
  });

  it('makes append reject while it is gone, and serves again when it is back', async () => {
    const log = recordingLog();
    const times = [at(1, 10), at(1, 11), at(1, 12)];
    const { dir, sink } = await aSink({ log, now: () => times[0] ?? 0 });
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    await rename(dir, `${dir}-away`);
    times.shift();
    await expect(sink.append(aDecisionEvent({ event_id: 'evt_2' }))).rejects.toBeInstanceOf(AuditUnavailable);
    await expect(sink.append(aDecisionEvent({ event_id: 'evt_3' }))).rejects.toBeInstanceOf(AuditUnavailable);
    await rename(`${dir}-away`, dir);
    times.shift();
    await sink.append(aDecisionEvent({ event_id: 'evt_4' }));
    expectUnbroken(await storedLines(dir));
    expect(await storedLines(dir)).toHaveLength(2);
    expect(log.fallbacks).toHaveLength(2);
    expect(log.messages).toEqual([
      expect.stringContaining('events can not be stored'),
      expect.stringMatching(/events are stored again.*"lost":2/),
    ]);
  });

  it('notices at once that its file was removed, and shows what went with it', async () => {
    const { dir, sink } = await aSink();
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    await rm(join(dir, 'dt=2026-11-01'), { recursive: true });
    await sink.append(aDecisionEvent({ event_id: 'evt_2' }));
    expect((await storedLines(dir)).map((line) => storedEvent(line).chain.seq)).toEqual([2]);
  });

  it('rejects when the whole folder was removed', async () => {
    const { dir, sink } = await aSink();
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    await rm(dir, { recursive: true });
    await expect(sink.append(aDecisionEvent({ event_id: 'evt_2' }))).rejects.toThrow(/ENOENT/);
    await mkdir(dir);
    await sink.append(aDecisionEvent({ event_id: 'evt_3' }));
    expect(await storedLines(dir)).toHaveLength(1);
  });

  it('leaves a file in doubt behind and begins a new chain', async () => {
    let isBroken = false;
    const createFile: typeof createEvidenceFile = async (path, sync) => {
      const file = await createEvidenceFile(path, sync);
      const add = async (bytes: Uint8Array): Promise<void> => {
        if (!isBroken) return file.add(bytes);
        await file.add(bytes.subarray(0, 100));
        throw new AdditionFailure('doubtful', { cause: new Error('EIO') });
      };
      return { add, close: () => file.close() };
    };
    const { dir, sink } = await aSink({ createFile });
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    isBroken = true;
    await expect(sink.append(aDecisionEvent({ event_id: 'evt_2' }))).rejects.toBeInstanceOf(AuditUnavailable);
    isBroken = false;
    await sink.append(aDecisionEvent({ event_id: 'evt_3' }));
    const second = await readFile(join(dir, 'dt=2026-11-01/hr=10/writer-2.jsonl'), 'utf8');
    expect(storedEvent(second)).toMatchObject({
      event_id: 'evt_3',
      chain: { writer_id: 'writer-2', seq: 1 },
    });
  });

  it.skipIf(process.platform === 'win32')('holds whole events only when the disk is full', async () => {
    const dir = await temporaryFolder();
    const script = `
      import { openFileSink } from './lambda/audit/file-sink.ts';
      import { decisionEvents } from './test/support/a-decision-event.ts';
      const sink = await openFileSink({ dir: ${JSON.stringify(dir)}, writerId: 'w', retentionDays: 9, now: () => 0, log: () => {} });
      const outcomes = [];
      for (const event of decisionEvents(9)) outcomes.push(await sink.append(event).then(() => 'stored', (error) => error.name));
      console.log(JSON.stringify(outcomes));`;
    // The shell's limit on the size of files is met by the real write, in the middle of an event.
    const limited = ['-c', 'ulimit -f 16 && exec "$0" --input-type=module -e "$1"', process.execPath, script];
    const { stdout } = await promisify(execFile)('sh', limited);
    const outcomes: unknown = JSON.parse(stdout);
    expect(outcomes).toContain('AuditUnavailable');
    const lines = await storedLines(dir);
    expect(outcomes).toEqual(
      Array.from({ length: 9 }, (_, index) => (index < lines.length ? 'stored' : 'AuditUnavailable')),
    );
    expect(lines.length).toBeGreaterThan(0);
    expectUnbroken(lines);
  });
});
