/** Verification: whatever is done to stored evidence is found and placed, and what is no fault is none. */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFileSink } from '../../../lambda/audit/file-sink.ts';
import { emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import { sweep } from '../../../lambda/audit/retention.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { noLog } from '../../contract/audit-sink.ts';
import { aDecisionEvent, storedEvent } from '../../support/a-decision-event.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Files by their path; as text, one character for each byte. */
type Lake = Readonly<Record<string, string>>;

const HOUR = 3_600_000;
const FIRST = 'dt=2026-11-01/hr=22/a.jsonl';
const SECOND = 'dt=2026-11-02/hr=00/a.jsonl';
const OTHER = 'dt=2026-11-01/hr=22/b.jsonl';

let lake: Lake;
beforeAll(() => {
  const a = aChain('a', 7);
  lake = { [FIRST]: textOf(a.slice(0, 4)), [SECOND]: textOf(a.slice(4)), [OTHER]: textOf(aChain('b', 3)) };
});

function aChain(writer: string, count: number): readonly string[] {
  let head = emptyChain(writer);
  return Array.from({ length: count }, (_, index) => {
    const linked = link(
      aDecisionEvent({ event_id: `evt_${writer}${index + 1}`, user_id: 'Ünï\ufffd😂' }),
      head,
    );
    head = linked.head;
    return linked.line;
  });
}

const textOf = (lines: readonly string[]): string =>
  Buffer.from(lines.map((line) => `${line}\n`).join('')).toString('latin1');
const linesOf = (text: string | undefined): readonly string[] => (text ?? '').trimEnd().split('\n');

async function write(files: Lake): Promise<string> {
  const dir = await temporaryFolder();
  await writeInto(dir, files);
  return dir;
}

async function writeInto(dir: string, files: Lake): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text, 'latin1');
  }
}

const verify = async (files: Lake) => verifyFolder(await write(files));
const kindsOf = async (files: Lake) => (await verify(files)).faults.map(({ kind }) => kind);

describe('evidence as it was written', () => {
  it('has no fault', async () => {
    expect(await verify(lake)).toEqual({
      ok: true,
      files: 3,
      events: 10,
      writers: 2,
      duplicates: 0,
      recovered: [],
      faults: [],
      fault_count: 0,
      notices: [],
      notice_count: 0,
      vouching: { checkpoints: 0, last_at: null, keys: [] },
    });
  });

  it('has none in an empty folder', async () => {
    expect(await verifyFolder(await temporaryFolder())).toMatchObject({ ok: true, events: 0 });
  });

  it('is not to be had from a folder that is not there', async () => {
    await expect(verifyFolder(join(await temporaryFolder(), 'none'))).rejects.toThrow(/ENOENT/);
  });

  it('is told of while it is read', async () => {
    const events: number[] = [];
    await verifyFolder(await write(lake), (progress) => events.push(progress.events));
    expect(events.at(-1)).toBe(10);
  });

  it('has duplicates, which are no fault, next to each other or far apart', async () => {
    const [first = '', ...rest] = linesOf(lake[FIRST]);
    const doubled = `${[first, first, ...rest].join('\n')}\n`;
    const copy = 'dt=2026-11-02/hr=01/copy.jsonl';
    const found = await verify({
      ...lake,
      [FIRST]: doubled,
      [copy]: lake[OTHER] ?? '',
      [SECOND]: `${lake[SECOND]}${first}\n`,
    });
    expect(found).toMatchObject({ ok: true, duplicates: 5, events: 10 });
  });
});

describe('a crash', () => {
  it.each([1, 2, 12, 400, 900])(
    'that tore %i bytes off the last line is no fault, but told',
    async (bytes) => {
      const torn = (lake[SECOND] ?? '').slice(0, -bytes);
      const { ok, recovered, events } = await verify({ ...lake, [SECOND]: torn });
      expect({ ok, recovered }).toEqual({
        ok: true,
        recovered: [{ file: SECOND, line: 3, event_id: bytes === 1 ? 'evt_a7' : null }],
      });
      expect(events).toBe(bytes === 1 ? 10 : 9);
    },
  );

  it.each(['x', '}', ' ', '\r'])('leaves no %j where a line should end', async (letter) => {
    expect(await kindsOf({ ...lake, [SECOND]: `${(lake[SECOND] ?? '').slice(0, -1)}${letter}` })).not.toEqual(
      [],
    );
  });
});

describe('a change', () => {
  const forge = (line: string | undefined, change: object): string => {
    const { chain, ...event } = storedEvent(Buffer.from(line ?? '', 'latin1').toString());
    const head = { writerId: chain.writer_id, seq: chain.seq - 1, hash: chain.prev_hash };
    return Buffer.from(link({ ...event, ...change }, head).line).toString('latin1');
  };
  const replace = (place: number, ...lines: readonly string[]): Lake => ({
    ...lake,
    [FIRST]: `${linesOf(lake[FIRST])
      .toSpliced(place, 1, ...lines)
      .join('\n')}\n`,
  });

  it('of an event is placed', async () => {
    const files = replace(1, linesOf(lake[FIRST])[1]?.replace('"allow"', '"block"') ?? '');
    expect((await verify(files)).faults).toEqual([
      {
        kind: 'altered',
        file: FIRST,
        line: 2,
        event_id: 'evt_a2',
        message: 'the hash does not match the event',
      },
    ]);
  });

  it('of an event and its hash shows in the next event', async () => {
    const { faults } = await verify(replace(1, forge(linesOf(lake[FIRST])[1], { verdict: 'block' })));
    expect(faults).toMatchObject([{ kind: 'unlinked', file: FIRST, line: 3, event_id: 'evt_a3' }]);
  });

  it.each([
    ['an event within a file', 1, { line: 2, event_id: 'evt_a3' }],
    ['the first event', 0, { line: 1, event_id: 'evt_a2' }],
  ])('that removes %s shows in the next', async (_, place, next) => {
    expect((await verify(replace(place))).faults).toMatchObject([{ kind: 'missing', file: FIRST, ...next }]);
  });

  it('that removes a file within a chain shows in the next file', async () => {
    const { [FIRST]: _, ...rest } = lake;
    expect((await verify(rest)).faults).toMatchObject([
      {
        kind: 'missing',
        file: SECOND,
        line: 1,
        message: 'events 1 to 4 of writer a should stand before this one',
      },
    ]);
  });

  it('that inserts an event of its own is a conflict', async () => {
    const lines = linesOf(lake[FIRST]);
    const forged = forge(lines[2], { event_id: 'evt_forged' });
    expect(await kindsOf(replace(2, lines[2] ?? '', forged))).toEqual(['conflicting']);
  });

  it('that inserts another chain into a file is misplaced', async () => {
    const [line = ''] = aChain('c', 1);
    expect(
      await kindsOf({ ...lake, [FIRST]: `${lake[FIRST]}${Buffer.from(line).toString('latin1')}\n` }),
    ).toEqual(['misplaced']);
  });

  it('that puts an event elsewhere is a reordering', async () => {
    const [first = '', second = '', ...rest] = linesOf(lake[FIRST]);
    const swapped = `${[second, first, ...rest].join('\n')}\n`;
    expect(await kindsOf({ ...lake, [FIRST]: swapped })).toEqual(['missing', 'reordered']);
  });

  it('that moves a file to another hour is found', async () => {
    const { [FIRST]: moved = '', ...rest } = lake;
    expect(await kindsOf({ ...rest, 'dt=2026-11-02/hr=05/a.jsonl': moved })).toContain('missing');
  });

  it('to bytes that read the same is found', async () => {
    const text = lake[FIRST] ?? '';
    const replacement = Buffer.from('\ufffd').toString('latin1');
    const files = { ...lake, [FIRST]: text.replace(replacement, replacement.slice(0, 2)) };
    expect((await verify(files)).faults).toMatchObject([
      { kind: 'unreadable', line: 1 },
      { kind: 'missing' },
    ]);
  });
});

describe('every change', () => {
  const file = fc.constantFrom(FIRST, SECOND, OTHER);
  const position = fc.nat(1_000_000);
  const byte = fc.nat(255).map((code) => String.fromCharCode(code));
  const isFound = async (files: Lake, dir: string): Promise<boolean> => {
    await writeInto(dir, files);
    const { ok, recovered } = await verifyFolder(dir);
    return !ok || recovered.length > 0;
  };
  it.each<readonly [string, (text: string, at: number, letter: string) => string]>([
    ['of one byte', (text, at, letter) => text.slice(0, at) + letter + text.slice(at + 1)],
    ['that inserts one byte', (text, at, letter) => text.slice(0, at) + letter + text.slice(at)],
    ['that removes one byte', (text, at) => text.slice(0, at) + text.slice(at + 1)],
  ])('%s is found', async (_, change) => {
    const dir = await write(lake);
    await fc.assert(
      fc.asyncProperty(file, position, byte, async (path, number, letter) => {
        const text = lake[path] ?? '';
        const changed = change(text, number % text.length, letter);
        fc.pre(changed !== text);
        expect(await isFound({ [path]: changed }, dir)).toBe(true);
        await writeInto(dir, { [path]: text });
      }),
      { numRuns: 200 },
    );
  });

  it('that takes out events within a chain is found', async () => {
    const dir = await temporaryFolder();
    const lines = () => [...linesOf(lake[FIRST]), ...linesOf(lake[SECOND])];
    await fc.assert(
      fc.asyncProperty(fc.nat(5), fc.integer({ min: 1, max: 5 }), async (from, count) => {
        const left = lines().toSpliced(from, Math.min(count, 6 - from));
        expect(await isFound({ [FIRST]: `${left.join('\n')}\n`, [SECOND]: '', [OTHER]: '' }, dir)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('of the order is found', async () => {
    const dir = await temporaryFolder();
    const lines = () => [...linesOf(lake[FIRST]), ...linesOf(lake[SECOND])];
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(order, async (places) => {
        fc.pre(places.some((place, index) => place !== index));
        const moved = places.map((place) => lines()[place]);
        expect(await isFound({ [FIRST]: `${moved.join('\n')}\n`, [SECOND]: '', [OTHER]: '' }, dir)).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('a chain that goes on after retention', () => {
  async function aSweptFolder(): Promise<string> {
    const dir = await temporaryFolder();
    let time = Date.UTC(2026, 10, 1, 10);
    const options = { dir, writerId: 'w', retentionDays: 365, now: () => time, log: noLog };
    const sink = await openFileSink(options);
    for (let event = 0; event < 4; event++, time += 24 * HOUR) await sink.append(aDecisionEvent());
    await sink.close();
    await sweep({ ...options, retentionDays: 1, now: () => Date.UTC(2026, 10, 4, 10) });
    return dir;
  }

  it('has no fault', async () => {
    expect(await verifyFolder(await aSweptFolder())).toMatchObject({ ok: true, events: 2 });
  });

  it('has one when more was removed than retention did', async () => {
    const dir = await aSweptFolder();
    await rm(join(dir, 'dt=2026-11-03'), { recursive: true });
    expect((await verifyFolder(dir)).faults).toMatchObject([{ kind: 'missing' }]);
  });

  it('has one when the marks are gone', async () => {
    const dir = await aSweptFolder();
    await rm(join(dir, 'retention.jsonl'));
    expect((await verifyFolder(dir)).ok).toBe(false);
  });
});

describe('what is no evidence', () => {
  it('is passed over', async () => {
    const dir = await write(lake);
    await writeFile(join(dir, 'notes.jsonl'), 'x\n');
    await writeFile(join(dir, 'dt=2026-11-01/hr=22/a.txt'), 'x\n');
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, files: 3 });
  });

  it('is a fault within evidence, however long it is', async () => {
    const dir = await write(lake);
    await appendFile(join(dir, OTHER), `${'x'.repeat(9_000_000)}\n\n`);
    expect((await verifyFolder(dir)).faults.map(({ line, kind }) => [line, kind])).toEqual([
      [4, 'unreadable'],
      [5, 'unreadable'],
    ]);
  });

  it('counts every fault, and keeps the first thousand', async () => {
    const dir = await write({ [OTHER]: 'x\n'.repeat(1500) });
    const { faults, fault_count } = await verifyFolder(dir);
    expect([faults.length, fault_count]).toEqual([1000, 1500]);
  });
});
