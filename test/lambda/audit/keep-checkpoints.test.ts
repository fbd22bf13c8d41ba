/** The checkpoints that a gateway takes by itself, and what it tells of an earlier crash. */
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSink } from '../../../lambda/audit/file-sink.ts';
import { keepCheckpoints } from '../../../lambda/audit/keep-checkpoints.ts';
import { openLocalSigner } from '../../../lambda/audit/local-signer.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { recordingLog } from '../../contract/audit-sink.ts';
import { decisionEvents } from '../../support/a-decision-event.ts';
import { anAuditFolder } from '../../support/an-audit-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILE = 'dt=2026-11-01/hr=10/writer.jsonl';
const MIDNIGHT = Date.UTC(2026, 10, 2);

/** Timers that the test lets ring. */
function clockwork(start: number) {
  const rings: { readonly delayMs: number; readonly run: () => void }[] = [];
  let cancelled = 0;
  return {
    now: () => start,
    after: (delayMs: number, run: () => void) => {
      rings.push({ delayMs, run });
      return () => void cancelled++;
    },
    rings,
    cancelled: () => cancelled,
  };
}

function kept(dir: string, start = Date.UTC(2026, 10, 1, 23)) {
  const clock = clockwork(start);
  const log = recordingLog();
  const end = keepCheckpoints({ dir, signer: () => openLocalSigner(dir), log, digestKey: null, ...clock });
  return { clock, log, end };
}

const checkpointsOf = (dir: string) => readdir(join(dir, 'checkpoints')).catch(() => []);

describe('a gateway', () => {
  it.each([
    ['an hour before midnight', MIDNIGHT - 3_600_000, 3_660_000],
    ['at midnight', MIDNIGHT, 60_000],
    ['within a second of the last one', MIDNIGHT + 60_000, 86_400_000],
    ['at noon', MIDNIGHT + 12 * 3_600_000, 12 * 3_600_000 + 60_000],
  ])('that starts %s waits until a minute after midnight', async (_, start, delayMs) => {
    expect(kept(await anAuditFolder([{}]), start).clock.rings[0]?.delayMs).toBe(delayMs);
  });

  it('takes a checkpoint when its time comes, and waits for the next', async () => {
    const dir = await anAuditFolder([{}]);
    const { clock } = kept(dir);
    clock.rings[0]?.run();
    expect(clock.rings).toHaveLength(2);
    await expect.poll(() => checkpointsOf(dir)).toEqual(['00000001.json']);
  });

  it('takes its last one when it ends, and no more', async () => {
    const dir = await anAuditFolder([{}]);
    const { clock, log, end } = kept(dir);
    await end();
    expect(await checkpointsOf(dir)).toEqual(['00000001.json']);
    expect(clock.cancelled()).toBe(1);
    expect(log.messages).toEqual(['checkpoint written {"path":"checkpoints/00000001.json","chains":1}']);
  });

  it('makes neither a checkpoint nor a key where it has stored nothing', async () => {
    const dir = await temporaryFolder();
    await kept(dir).end();
    expect(await readdir(dir)).toEqual([]);
  });

  it('goes on, and says so, where none can be written', async () => {
    const dir = await anAuditFolder([{}]);
    await writeFile(join(dir, '.checkpoint-key'), 'no key');
    const { log, end } = kept(dir);
    await end();
    expect(log.messages[0]).toMatch(/^no checkpoint could be written .*holds no Ed25519 key/);
  });
});

describe('a gateway that starts in the folder of an earlier one', () => {
  const open = (dir: string, log = recordingLog(), writerId = 'second') =>
    openFileSink({ dir, writerId, retentionDays: 36_500, now: () => MIDNIGHT, log, sync: false });

  it('tells of the line that a crash tore, and goes on in a chain of its own', async () => {
    const dir = await anAuditFolder([{}, {}]);
    await appendFile(join(dir, FILE), '{"attempts":[{"err');
    const log = recordingLog();
    const sink = await open(dir, log);
    for (const event of decisionEvents(2)) await sink.append({ ...event, event_id: `${event.event_id}x` });
    await sink.close();
    expect(log.messages).toEqual([
      `the last line of a file is torn, as a crash leaves it; a new chain goes on {"file":"${FILE}"}`,
    ]);
    expect(await verifyFolder(dir)).toMatchObject({
      ok: true,
      events: 4,
      writers: 2,
      recovered: [{ line: 3 }],
    });
  });

  it('tells nothing where nothing is torn', async () => {
    const log = recordingLog();
    await (await open(await anAuditFolder([{}]), log)).close();
    expect(log.messages).toEqual([]);
  });

  it.each([
    ['of different names', ['one', 'two']],
    ['of one and the same name', ['one', 'one']],
  ])('shares it with another one %s', async (_, names) => {
    const dir = await temporaryFolder();
    const sinks = await Promise.all(names.map((name) => open(dir, recordingLog(), name)));
    await Promise.all(
      sinks.flatMap((sink, index) =>
        decisionEvents(50).map((event) => sink.append({ ...event, event_id: `${event.event_id}-${index}` })),
      ),
    );
    await Promise.all(sinks.map((sink) => sink.close()));
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, events: 100, writers: 2 });
  });
});
