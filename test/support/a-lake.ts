/** A lake of evidence for tests that change it: writers, their files, and checkpoints taken on the way. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileSink } from '../../lambda/audit/file-sink.ts';
import { openLocalSigner } from '../../lambda/audit/local-signer.ts';
import { writeCheckpoint } from '../../lambda/audit/write-checkpoint.ts';
import { aDecisionEvent } from './a-decision-event.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** How many events a writer stores in each hour from the first one on. */
export type WriterPlan = readonly number[];

const FIRST_HOUR = Date.UTC(2026, 10, 1, 22);
const HOUR_MS = 3_600_000;

/** Writers `a`, `b` and so on, and one checkpoint an hour after the end. */
export async function aLake(writers: readonly WriterPlan[]): Promise<string> {
  const dir = await temporaryFolder();
  const hours = Math.max(...writers.map((plan) => plan.length));
  let time = FIRST_HOUR;
  const sinks = await Promise.all(
    writers.map((_, index) =>
      openFileSink({
        dir,
        writerId: String.fromCharCode(97 + index),
        retentionDays: 36_500,
        now: () => time,
        log: () => undefined,
        sync: false,
      }),
    ),
  );
  for (let hour = 0; hour < hours; hour++) {
    time = FIRST_HOUR + hour * HOUR_MS;
    for (const [index, sink] of sinks.entries()) {
      const letter = String.fromCharCode(97 + index);
      for (let number = 0; number < (writers[index]?.[hour] ?? 0); number++) {
        const timestamp = new Date(time).toISOString();
        await sink.append(aDecisionEvent({ event_id: `evt_${letter}${hour}-${number}`, timestamp }));
      }
    }
  }
  await Promise.all(sinks.map((sink) => sink.close()));
  await checkpointAt(dir, FIRST_HOUR + hours * HOUR_MS);
  return dir;
}

/** Takes a checkpoint as the folder's own key signs it. */
export async function checkpointAt(dir: string, now: number, digestKey: string | null = null) {
  return writeCheckpoint({ dir, signer: () => openLocalSigner(dir), now, digestKey });
}

/** Each file of evidence and each checkpoint with its bytes, one character for each. */
export async function filesOf(dir: string): Promise<Map<string, string>> {
  const paths = (await readdir(dir, { recursive: true })).filter((path) => /\.jsonl?$/.test(path)).sort();
  const texts = paths.map(async (path) => [path, await readFile(join(dir, path), 'latin1')] as const);
  return new Map(await Promise.all(texts));
}

/** Makes the files of a folder those given: others go. */
export async function putFiles(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const path of (await filesOf(dir)).keys()) if (!files.has(path)) await rm(join(dir, path));
  for (const [path, text] of files) await writeFile(join(dir, path), text, 'latin1');
}

/** A copy of the whole folder, key and checkpoints included. */
export async function copyOf(dir: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(dir, copy, { recursive: true });
  return copy;
}
