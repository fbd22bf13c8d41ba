/** Retention: whole days go when all of their events are too old, and leave a mark for the chains that go on. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileSink } from '../../../lambda/audit/file-sink.ts';
import { readMarks } from '../../../lambda/audit/retention-mark.ts';
import { keepSwept, sweep } from '../../../lambda/audit/retention.ts';
import { noLog, recordingLog } from '../../contract/audit-sink.ts';
import { aDecisionEvent, storedEvent } from '../../support/a-decision-event.ts';
import { storedLines } from '../../support/stored-lines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const now = () => Date.UTC(2026, 10, 10, 12);

const marksOf = async (dir: string) =>
  readMarks(await readFile(join(dir, 'retention.jsonl'), 'utf8').catch(() => '')).flatMap(
    ({ heads }) => heads,
  );

async function aFolderWith(...names: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const name of names) await mkdir(join(dir, name, 'hr=00'), { recursive: true });
  return dir;
}

describe('retention', () => {
  it.each([
    ['one day', 1, ['dt=2026-11-09', 'dt=2026-11-10']],
    ['two days', 2, ['dt=2026-11-08', 'dt=2026-11-09', 'dt=2026-11-10']],
    ['a year', 365, ['dt=2026-11-07', 'dt=2026-11-08', 'dt=2026-11-09', 'dt=2026-11-10']],
  ])('of %s keeps the days that hold an event of its time', async (_, retentionDays, kept) => {
    const dir = await aFolderWith('dt=2026-11-07', 'dt=2026-11-08', 'dt=2026-11-09', 'dt=2026-11-10');
    await sweep({ dir, retentionDays, now, log: noLog });
    expect((await readdir(dir)).filter((name) => name.startsWith('dt='))).toEqual(kept);
  });

  it('says which days it removed', async () => {
    const log = recordingLog();
    const dir = await aFolderWith('dt=2020-01-01', 'dt=2020-01-02');
    await sweep({ dir, retentionDays: 30, now, log });
    expect(log.messages).toEqual([
      expect.stringContaining('dt=2020-01-01'),
      expect.stringContaining('dt=2020-01-02'),
    ]);
  });

  it('leaves alone what is no day of evidence', async () => {
    const dir = await aFolderWith('2020-01-01', 'dt=2020-01-01-copy', 'dt=old');
    await writeFile(join(dir, 'notes.txt'), '');
    await sweep({ dir, retentionDays: 1, now, log: noLog });
    expect(await readdir(dir)).toEqual(['2020-01-01', 'dt=2020-01-01-copy', 'dt=old', 'notes.txt']);
  });

  it('says what it could not remove, and never throws', async () => {
    const log = recordingLog();
    await sweep({ dir: join(await temporaryFolder(), 'missing'), retentionDays: 1, now, log });
    expect(log.messages).toEqual([expect.stringContaining('ENOENT')]);
  });

  it('is kept at start and again and again until it is stopped', async () => {
    const dir = await aFolderWith('dt=2026-11-08');
    let time = Date.UTC(2026, 10, 8);
    const timer = { run: () => {}, everyMs: 0, isRunning: true };
    const repeat = (run: () => void, everyMs: number) => {
      Object.assign(timer, { run, everyMs });
      return () => void (timer.isRunning = false);
    };
    const removed = Promise.withResolvers<void>();
    const log = () => removed.resolve();
    const stop = await keepSwept({ dir, retentionDays: 1, now: () => time, log, repeat });
    expect(await readdir(dir)).toEqual(['dt=2026-11-08']);
    time = Date.UTC(2026, 10, 10);
    timer.run();
    await removed.promise;
    expect(await readdir(dir)).toEqual(['retention.jsonl']);
    expect(timer.everyMs).toBe(3_600_000);
    stop();
    expect(timer.isRunning).toBe(false);
  });

  it('marks where the chains of a removed day ended', async () => {
    const dir = await temporaryFolder();
    let time = Date.UTC(2026, 10, 1, 10);
    const options = { dir, writerId: 'w', retentionDays: 365, now: () => time, log: noLog };
    const sink = await openFileSink(options);
    onTestFinished(() => sink.close());
    for (const hour of [10, 11, 24]) {
      time = Date.UTC(2026, 10, 1, hour);
      await sink.append(aDecisionEvent());
    }
    const second = storedEvent((await storedLines(dir))[1] ?? '').chain;
    await sweep({ ...options, retentionDays: 1, now: () => Date.UTC(2026, 10, 3, 12) });
    expect(await marksOf(dir)).toEqual([{ writerId: 'w', seq: 2, hash: second.hash }]);
  });

  it('has no marks where nothing was removed, or where the marks are no marks', async () => {
    const dir = await temporaryFolder();
    expect(await marksOf(dir)).toEqual([]);
    await writeFile(join(dir, 'retention.jsonl'), 'x\n{}\n{"chains":{"w":{"seq":"1","hash":"a"}}}\n');
    expect(await marksOf(dir)).toEqual([]);
  });
});
