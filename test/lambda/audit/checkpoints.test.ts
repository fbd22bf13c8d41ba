/** Checkpoints: a removed end, a removed chain and a rewritten or inserted one are found, and where. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../lambda/audit/checkpoint.ts';
import { folderSource } from '../../../lambda/audit/folder-source.ts';
import { emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import {
  CHECKPOINT_KEY_FILE,
  CheckpointKeyUnusable,
  openLocalSigner,
} from '../../../lambda/audit/local-signer.ts';
import { sweep } from '../../../lambda/audit/retention.ts';
import { keyIdOf } from '../../../lambda/audit/signature.ts';
import { verifyEvidence, verifyFolder } from '../../../lambda/audit/verify.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';
import { aLake, checkpointAt, copyOf, filesOf, putFiles } from '../../support/a-lake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FIRST = 'dt=2026-11-01/hr=22/a.jsonl';
const LAST = 'dt=2026-11-02/hr=00/a.jsonl';
const OTHER = 'dt=2026-11-01/hr=22/b.jsonl';
const CHECKPOINT = 'checkpoints/00000001.json';
const LATER = Date.UTC(2026, 10, 2, 9);

const lake = () => aLake([[3, 2, 2], [4]]);
const readOne = async (dir: string, path = CHECKPOINT) => readFile(join(dir, path), 'utf8');
const faultsOf = async (dir: string) =>
  (await verifyFolder(dir)).faults.map(({ kind, file, line }) => [kind, file, line]);
const aForgedChain = (writer: string, count: number): string => {
  let head = emptyChain(writer);
  return Array.from({ length: count }, (_, index) => {
    const linked = link(aDecisionEvent({ event_id: `evt_forged${index}` }), head);
    head = linked.head;
    return `${linked.line}\n`;
  }).join('');
};

describe('a checkpoint', () => {
  it('names where every chain ended, signed by the key of the folder', async () => {
    const dir = await lake();
    const signer = await openLocalSigner(dir);
    expect(readCheckpoint(await readOne(dir))).toMatchObject({
      number: 1,
      complete_before: 'dt=2026-11-02/hr=01',
      publicKey: signer.publicKey,
      heads: [
        { writer_id: 'a', seq: 7, file: LAST },
        { writer_id: 'b', seq: 4, file: OTHER },
      ],
    });
  });

  it('leaves evidence without a fault, and says what it proves', async () => {
    const dir = await lake();
    const { publicKey } = await openLocalSigner(dir);
    expect(await verifyFolder(dir)).toMatchObject({
      ok: true,
      events: 11,
      vouching: { checkpoints: 1, last_at: '2026-11-02T01:00:00.000Z', keys: [keyIdOf(publicKey)] },
    });
  });

  it('is not written where no chain went on', async () => {
    expect(await checkpointAt(await lake(), LATER)).toBeUndefined();
  });

  it('names only the chains that went on', async () => {
    const dir = await lake();
    await writeFile(join(dir, 'dt=2026-11-02/hr=00/c.jsonl'), aForgedChain('c', 2));
    expect(await checkpointAt(dir, LATER)).toEqual({
      path: 'checkpoints/00000002.json',
      number: 2,
      heads: 1,
    });
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, vouching: { checkpoints: 2 } });
  });

  it('takes the next number when other processes write theirs', async () => {
    const dir = await aLake([[1]]);
    await writeFile(join(dir, 'dt=2026-11-01/hr=22/c.jsonl'), aForgedChain('c', 1));
    const written = await Promise.all([1, 2, 3].map(() => checkpointAt(dir, LATER)));
    expect(written.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    expect(await verifyFolder(dir)).toMatchObject({ ok: true });
  });

  it('is signed by a key that nobody else can read', async () => {
    const { mode } = await stat(join(await lake(), CHECKPOINT_KEY_FILE));
    expect(mode & 0o777).toBe(0o600);
  });

  it('is not signed with what is no key', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, CHECKPOINT_KEY_FILE), 'x');
    await expect(openLocalSigner(dir)).rejects.toBeInstanceOf(CheckpointKeyUnusable);
  });

  it('excuses a chain whose line end a crash tore, and what is written later', async () => {
    const dir = await aLake([[2]]);
    const path = join(dir, FIRST);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text + text.slice(0, 100));
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, recovered: [{ line: 3 }] });
  });
});

describe('what checkpoints show', () => {
  const cases: readonly (readonly [string, (dir: string) => Promise<void>, readonly unknown[]])[] = [
    ['a whole chain that is gone', (dir) => rm(join(dir, OTHER)), [['removed', OTHER, null]]],
    ['the last file of a chain that is gone', (dir) => rm(join(dir, LAST)), [['removed', LAST, null]]],
    [
      'the last event of a chain that is gone',
      async (dir) => {
        const lines = (await readOne(dir, LAST)).split('\n');
        await writeFile(join(dir, LAST), `${lines[0]}\n`);
      },
      [['removed', LAST, null]],
    ],
    [
      'a chain that was written anew',
      async (dir) => writeFile(join(dir, OTHER), aForgedChain('b', 4)),
      [['rewritten', OTHER, 4]],
    ],
    [
      'a chain that was put in',
      async (dir) => writeFile(join(dir, 'dt=2026-11-01/hr=23/c.jsonl'), aForgedChain('c', 2)),
      [['inserted', 'dt=2026-11-01/hr=23/c.jsonl', 1]],
    ],
  ];
  it.each(cases)('%s', async (_, change, faults) => {
    const dir = await lake();
    await change(dir);
    expect(await faultsOf(dir)).toEqual(faults);
  });

  it('words it so that one knows how much is gone', async () => {
    const dir = await lake();
    await rm(join(dir, LAST));
    expect((await verifyFolder(dir)).faults[0]?.message).toBe(
      'the chain of writer a ends with event 5, 2 before its end: checkpoints/00000001.json saw it there',
    );
  });
});

describe('a checkpoint that somebody changed', () => {
  async function threeCheckpoints(): Promise<string> {
    const dir = await lake();
    for (const [index, writer] of ['c', 'd'].entries()) {
      await writeFile(join(dir, `dt=2026-11-02/hr=00/${writer}.jsonl`), aForgedChain(writer, 1));
      await checkpointAt(dir, LATER + index);
    }
    return dir;
  }

  it('is a fault when it is edited', async () => {
    const dir = await lake();
    await writeFile(join(dir, CHECKPOINT), (await readOne(dir)).replace('"seq":4', '"seq":3'));
    expect(await faultsOf(dir)).toEqual([['unsigned', CHECKPOINT, 1]]);
  });

  it('is a fault when it is gone and another came after it', async () => {
    const dir = await threeCheckpoints();
    await rm(join(dir, 'checkpoints/00000002.json'));
    expect(await faultsOf(dir)).toContainEqual(['missing', 'checkpoints/00000003.json', 1]);
  });

  it('is a fault when another took its place', async () => {
    const dir = await threeCheckpoints();
    await writeFile(join(dir, 'checkpoints/00000002.json'), await readOne(dir, 'checkpoints/00000003.json'));
    expect(await faultsOf(dir)).toContainEqual(['unlinked', 'checkpoints/00000002.json', 1]);
  });

  it('is a fault under another key than the trusted one', async () => {
    const dir = await lake();
    const { publicKey } = await openLocalSigner(await temporaryFolder());
    const { faults } = await verifyEvidence(folderSource(dir), {
      trust: { publicKeys: [publicKey], anchors: [] },
    });
    expect(faults.map(({ kind }) => kind)).toEqual(['unsigned']);
  });

  it.each([
    [
      'is gone, with all that came after it',
      async (dir: string) => rm(join(dir, 'checkpoints'), { recursive: true }),
    ],
    [
      'was made anew under another key',
      async (dir: string) => {
        await rm(join(dir, 'checkpoints'), { recursive: true });
        await rm(join(dir, CHECKPOINT_KEY_FILE));
        await rm(join(dir, OTHER));
        await checkpointAt(dir, LATER);
      },
    ],
  ])('shows in a copy kept elsewhere when it %s', async (_, change) => {
    const dir = await lake();
    const anchor = await readOne(dir);
    await change(dir);
    expect((await verifyFolder(dir)).ok).toBe(true);
    const { faults } = await verifyEvidence(folderSource(dir), {
      trust: { publicKeys: [], anchors: [anchor] },
    });
    expect(faults.map(({ kind }) => kind)).toContainEqual(expect.stringMatching(/missing|rewritten/));
  });

  it('tells of a key that changed, which is no fault', async () => {
    const dir = await lake();
    await rm(join(dir, CHECKPOINT_KEY_FILE));
    await writeFile(join(dir, 'dt=2026-11-02/hr=00/c.jsonl'), aForgedChain('c', 1));
    await checkpointAt(dir, LATER);
    expect(await verifyFolder(dir)).toMatchObject({
      ok: true,
      notices: [{ kind: 'key', file: 'checkpoints/00000002.json' }],
    });
  });

  it('tells of a digest key that changed, which is no fault', async () => {
    const dir = await aLake([[1]]);
    for (const [index, digest] of ['one', 'one', 'two'].entries()) {
      await writeFile(join(dir, `dt=2026-11-01/hr=22/x${index}.jsonl`), aForgedChain(`x${index}`, 1));
      await checkpointAt(dir, LATER + index, digest);
    }
    expect(await verifyFolder(dir)).toMatchObject({
      ok: true,
      notices: [{ kind: 'key', file: 'checkpoints/00000004.json' }],
    });
  });
});

describe('retention', () => {
  const DAYS = Date.UTC(2026, 10, 3, 12);
  const sweepFirstDay = (dir: string, isSigned: boolean) =>
    sweep({
      dir,
      retentionDays: 1,
      now: () => DAYS,
      log: () => undefined,
      ...(isSigned && { signer: () => openLocalSigner(dir) }),
    });

  it('that removed a day, and signed for it, is no fault: not for chains that go on, nor for those that ended', async () => {
    const dir = await lake();
    await sweepFirstDay(dir, true);
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, events: 2, writers: 1 });
  });

  it('that nobody signed for shows as what it hides', async () => {
    const dir = await lake();
    await sweepFirstDay(dir, false);
    expect((await faultsOf(dir)).map(([kind]) => kind)).toEqual(['unsigned', 'missing', 'removed']);
  });

  it('that another key signed for shows, too', async () => {
    const dir = await lake();
    const other = await temporaryFolder();
    await sweep({
      dir,
      retentionDays: 1,
      now: () => DAYS,
      log: () => undefined,
      signer: () => openLocalSigner(other),
    });
    expect((await verifyFolder(dir)).ok).toBe(false);
  });
});

/** What somebody with write access may do to the files of a lake. */
type Change = (files: Map<string, string>, at: number, byte: number) => void;

const pick = (files: ReadonlyMap<string, string>, at: number): readonly [string, string] => {
  const entries = [...files];
  return entries[at % entries.length] ?? ['', ''];
};
const pickEvidence = (files: ReadonlyMap<string, string>, at: number): readonly [string, string] =>
  pick(new Map([...files].filter(([path]) => path.startsWith('dt='))), at);
const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/);

const CHANGES: Readonly<Record<string, Change>> = {
  'an edited byte': (files, at, byte) => {
    const [path, text] = pick(files, at);
    const place = (at * 31) % text.length;
    files.set(path, text.slice(0, place) + String.fromCharCode(byte) + text.slice(place + 1));
  },
  'a byte put in': (files, at, byte) => {
    const [path, text] = pick(files, at);
    const place = (at * 31) % text.length;
    files.set(path, text.slice(0, place) + String.fromCharCode(byte) + text.slice(place));
  },
  'a byte taken out': (files, at) => {
    const [path, text] = pick(files, at);
    const place = (at * 31) % text.length;
    files.set(path, text.slice(0, place) + text.slice(place + 1));
  },
  'a line taken out': (files, at) => {
    const [path, text] = pickEvidence(files, at);
    const lines = linesOf(text);
    files.set(path, lines.toSpliced((at * 7) % lines.length, 1).join(''));
  },
  'a forged line put in': (files, at) => {
    const [path, text] = pickEvidence(files, at);
    const lines = linesOf(text);
    files.set(path, lines.toSpliced((at * 7) % lines.length, 0, aForgedChain('zz', 1)).join(''));
  },
  'two lines exchanged': (files, at) => {
    const [path, text] = pickEvidence(files, at);
    const lines = [...linesOf(text)];
    const [first = '', second = ''] = lines.splice((at * 7) % lines.length, 2);
    lines.splice((at * 7) % (lines.length + 1), 0, second, first);
    files.set(path, lines.join(''));
  },
  'a file cut short': (files, at) => {
    const [path, text] = pickEvidence(files, at);
    files.set(path, text.slice(0, (at * 31) % text.length));
  },
  'a file taken out': (files, at) => void files.delete(pickEvidence(files, at)[0]),
  'a chain taken out': (files, at) => {
    const writer = pickEvidence(files, at)[0].slice(-7);
    for (const path of files.keys()) if (path.endsWith(writer)) files.delete(path);
  },
};

describe('in a generated lake', () => {
  const plan = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  });

  it.each(Object.entries(CHANGES))('%s is found and placed', async (_, change) => {
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.array(fc.tuple(fc.nat(1e6), fc.nat(255)), { minLength: 8, maxLength: 8 }),
        async (writers, changes) => {
          const dir = await aLake(writers);
          const whole = await filesOf(dir);
          expect((await verifyFolder(dir)).ok).toBe(true);
          for (const [at, byte] of changes) {
            const files = new Map(whole);
            change(files, at, byte);
            if ([...files].join('\0') === [...whole].join('\0')) continue;
            await putFiles(dir, files);
            const { ok, faults } = await verifyFolder(dir);
            expect(ok).toBe(false);
            for (const { file, message } of faults) expect([file, message]).not.toContain('');
            await putFiles(dir, whole);
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it('lines that came twice are no fault', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.nat(1e6), async (writers, at) => {
        const dir = await copyOf(await aLake(writers));
        const files = await filesOf(dir);
        const [path, text] = pickEvidence(files, at);
        const lines = linesOf(text);
        const place = at % lines.length;
        files.set(path, lines.toSpliced(place, 0, lines[place] ?? '').join(''));
        await putFiles(dir, files);
        expect(await verifyFolder(dir)).toMatchObject({ ok: true, duplicates: 1 });
      }),
      { numRuns: 6 },
    );
  });
});
