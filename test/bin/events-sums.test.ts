/** `kt events cost` and `kt events export`: every event once, added up or given out. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsCostCommand } from '../../bin/commands/events-cost.ts';
import { eventsExportCommand } from '../../bin/commands/events-export.ts';
import { eventsCommand } from '../../bin/commands/events.ts';
import { csvRecord } from '../../bin/events/csv.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { storedLines } from '../support/stored-lines.ts';

const EVENTS = [
  { target_id: 'a', model: 'm1', team_id: 'red', cost_usd: 0.5, timestamp: '2026-11-01T10:00:00.000000Z' },
  { target_id: 'b', model: 'm1', team_id: null, cost_usd: 0.25, timestamp: '2026-11-01T11:00:00.000000Z' },
  { target_id: 'b', model: 'm2', team_id: 'red', cost_usd: 0.5, timestamp: '2026-11-02T10:00:00.000000Z' },
].map((fields) => ({ ...fields, reasoning_tokens: 2 }));

async function cost(dir: string, ...args: readonly string[]) {
  const terminal = recordingTerminal();
  await eventsCostCommand(terminal).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal.stdout();
}

async function exported(dir: string, ...args: readonly string[]) {
  const terminal = recordingTerminal();
  const command = eventsExportCommand(terminal, async (text) => terminal.out(text));
  await command.parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}

describe('kt events cost', () => {
  it.each([
    [
      'target',
      [
        ['b', 2, 0.75],
        ['a', 1, 0.5],
      ],
    ],
    [
      'model',
      [
        ['m1', 2, 0.75],
        ['m2', 1, 0.5],
      ],
    ],
    [
      'team',
      [
        ['red', 2, 1],
        [null, 1, 0.25],
      ],
    ],
    [
      'day',
      [
        ['2026-11-01', 2, 0.75],
        ['2026-11-02', 1, 0.5],
      ],
    ],
  ])('adds up by %s', async (by, sums) => {
    const found: unknown = JSON.parse(await cost(await anAuditFolder(EVENTS), '--by', by, '--json'));
    expect(found).toEqual(
      sums.map(([group, requests, cost_usd]) => ({
        group,
        requests,
        cost_usd,
        input_tokens: 12 * Number(requests),
        output_tokens: 3 * Number(requests),
        cached_tokens: 0,
        reasoning_tokens: 2 * Number(requests),
      })),
    );
  });

  it('prints a table', async () => {
    expect(await cost(await anAuditFolder(EVENTS), '--by', 'team')).toBe(
      [
        'team       requests  input  output  cached  reasoning  cost in USD\n',
        'red               2     24       6       0          4     1.000000\n',
        '(no team)         1     12       3       0          2     0.250000\n',
      ].join(''),
    );
  });

  it('counts a duplicate once', async () => {
    const dir = await anAuditFolder([{ cost_usd: 1 }]);
    const path = join(dir, 'dt=2026-11-01/hr=10/writer.jsonl');
    await appendFile(path, await readFile(path));
    expect(JSON.parse(await cost(dir, '--json'))).toMatchObject([{ requests: 1, cost_usd: 1 }]);
  });
});

describe('kt events export', () => {
  it('gives out JSON lines as they are stored', async () => {
    const dir = await anAuditFolder(EVENTS);
    const { stdout, stderr } = await exported(dir);
    expect(stdout()).toBe((await storedLines(dir)).map((line) => `${line}\n`).join(''));
    expect(stderr()).toBe('3 events exported\n');
  });

  it('gives out a column for each field as CSV', async () => {
    const rows = (await exported(await anAuditFolder(EVENTS), '--format', 'csv'))
      .stdout()
      .trimEnd()
      .split('\r\n');
    const heads = rows[0]?.split(',') ?? [];
    expect(rows).toHaveLength(4);
    expect(heads).toContain('cost_usd');
    expect(heads.at(-1)).toBe('truncated');
    expect(rows[1]).toContain('evt_1');
  });

  it.each([
    ['nothing', null, ''],
    ['a number', 1.5, '1.5'],
    ['false', false, 'false'],
    ['a plain text', 'a b', 'a b'],
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'a"b', '"a""b"'],
    ['a line end', 'a\nb', '"a\nb"'],
    ['a list', [{ a: 1 }], '"[{""a"":1}]"'],
    ['a formula', '=1+1', "'=1+1"],
    ['a command', '@SUM(A1)', "'@SUM(A1)"],
  ])('writes %s as a cell', (_, value, text) => {
    expect(csvRecord([value])).toBe(`${text}\r\n`);
  });
});

describe('kt events', () => {
  it('has its commands, each with an example', () => {
    const { commands } = eventsCommand(recordingTerminal());
    expect(commands.map((command) => command.name())).toEqual([
      'tail',
      'verify',
      'checkpoint',
      'export',
      'cost',
      'query',
      'compare',
      'captures',
    ]);
  });
});
