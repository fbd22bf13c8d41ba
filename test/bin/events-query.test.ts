/** `kt events query` and Parquet: questions to a small lake whose answers were computed by hand. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsExportCommand } from '../../bin/commands/events-export.ts';
import { eventsQueryCommand } from '../../bin/commands/events-query.ts';
import type { DecisionEvent, PolicyResult } from '../../lambda/audit/decision-event.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Noon of yesterday, which the periods of all named queries hold. */
const NOON = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
const at = (minute: number) => `${new Date(NOON + minute * 60_000).toISOString().slice(0, -1)}000Z`;
const DAY = at(0).slice(0, 10);

const emails = (count: number): PolicyResult => ({
  kind: 'pii-detector',
  phase: 'input',
  mode: 'enforce',
  verdict: 'redact',
  reason_code: 'pii.redacted',
  score: null,
  latency_ms: 0.5,
  entities: { EMAIL: count },
});

const EVENTS: readonly Partial<DecisionEvent>[] = [
  { cost_usd: 0.25, input_tokens: 10, output_tokens: 5, variant: 'a', latency_total_ms: 100 },
  {
    cost_usd: 0.5,
    input_tokens: 20,
    output_tokens: 5,
    variant: 'a',
    latency_total_ms: 300,
    verdict: 'redact',
  },
  { cost_usd: 1, target_id: 'spare', input_tokens: 1, output_tokens: 1, policy_results: [emails(3)] },
  { verdict: 'block', reason_code: 'safety.blocked', target_id: null, cost_usd: 0, cost_source: 'none' },
];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kt-query-'));
  await anAuditFolder(
    EVENTS.map((fields, index) => ({ timestamp: at(index), ...fields })),
    { dir },
  );
  const file = join(dir, `dt=${DAY}`, 'hr=12', 'writer.jsonl');
  await appendFile(file, '{"attempts":[{"torn');
});
afterAll(() => rm(dir, { recursive: true }));

async function query(...args: readonly string[]) {
  const terminal = recordingTerminal();
  await eventsQueryCommand(terminal).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}
const rowsOf = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await query(...args, '--json')).stdout());

describe('kt events query', () => {
  it('answers in a table', async () => {
    const { stdout, stderr } = await query(
      'select target_id, count(*) as requests, sum(cost_usd) as usd from decisions group by 1 order by 2 desc, 1',
    );
    expect(stdout()).toBe(
      'target_id  requests   usd\nprimary           2  0.75\nspare             1     1\n                  1     0\n',
    );
    expect(stderr()).toBe('3 rows\n');
  });

  it('answers in JSON, lists, objects and maps included', async () => {
    expect(await rowsOf("select policy_results, chain.seq from decisions where target_id = 'spare'")).toEqual(
      [{ policy_results: [emails(3)], seq: 3 }],
    );
  });

  it('answers in CSV', async () => {
    const { stdout } = await query('select 1 as one, null as nothing', '--format', 'csv');
    expect(stdout()).toBe('one,nothing\r\n1,\r\n');
  });

  it('knows the named queries', async () => {
    const { stdout } = await query('--list');
    expect(stdout()).toMatch(/^cost-per-target-per-day\n {4}What each target cost/m);
  });

  it.each<readonly [string, readonly unknown[]]>([
    [
      'cost-per-target-per-day',
      [
        { day: DAY, target: 'spare', requests: 1, cost_usd: 1, input_tokens: 1 },
        { day: DAY, target: 'primary', requests: 2, cost_usd: 0.75, input_tokens: 30 },
        { day: DAY, target: 'none', requests: 1, cost_usd: 0, requests_without_cost: 1 },
      ],
    ],
    ['recent-blocks', [{ event_id: 'evt_4', reason_code: 'safety.blocked' }]],
    [
      'variants-compared',
      [{ variant: 'a', requests: 2, latency_p50_ms: 200, redaction_rate: 0.5, block_rate: 0 }],
    ],
    ['personal-data-by-type', [{ type: 'EMAIL', phase: 'input', findings: 3, requests: 1 }]],
    ['starts-without-an-end', []],
    ['circuit-transitions', []],
  ])('answers %s', async (name, rows) => {
    expect(await rowsOf(name)).toMatchObject(rows);
  });

  it('finds a target that answers again in events without a list of calls, as log_all_access: false leaves them', async () => {
    const failed = { target_id: 'primary', status: 503, latency_ms: 5, error: 'upstream_error' };
    const events = [
      { timestamp: at(0), verdict: 'error', target_id: null, attempts: [failed] },
      { timestamp: at(1), verdict: 'allow', target_id: 'primary', attempts: [] },
    ] as const satisfies readonly Partial<DecisionEvent>[];
    const folder = await anAuditFolder(events, { dir: await temporaryFolder() });
    expect(await rowsOf('circuit-transitions', '--audit-dir', folder)).toMatchObject([
      { target_id: 'primary', transition: 'stopped answering' },
      { target_id: 'primary', transition: 'answers again', status: 200 },
    ]);
  });

  it.each([
    ['nothing', [], /no question: allowed are circuit-transitions, .*, or SQL/],
    ['a name that is none', ['costs'], /no query costs: allowed are/],
    ['SQL that is none', ['selec 1'], /syntax error/],
  ])('refuses %s', async (_, args, message) => {
    await expect(query(...args)).rejects.toThrow(message);
    await expect(query(...args)).rejects.toMatchObject({ exitCode: 1 });
  });

  it('says where there are no events', async () => {
    await expect(query('select 1', '--audit-dir', await temporaryFolder())).rejects.toThrow(/no events in/);
  });
});

describe('kt events export --format parquet', () => {
  const exportTo = async (...args: readonly string[]) => {
    const terminal = recordingTerminal();
    await eventsExportCommand(terminal).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
    return terminal;
  };

  it('writes every decision once', async () => {
    const path = join(await temporaryFolder(), "it's.parquet");
    const { stderr } = await exportTo('--format', 'parquet', '--output', path);
    expect(stderr()).toBe(`4 events exported to ${path}\n`);
    const connection = await (await DuckDBInstance.create()).connect();
    const reader = await connection.runAndReadAll(
      `select count(*)::int as events, sum(cost_usd) as usd from '${path.replaceAll("'", "''")}'`,
    );
    expect(reader.getRowObjectsJS()).toEqual([{ events: 4, usd: 1.75 }]);
    connection.closeSync();
  });

  it.each([
    ['Parquet without a file', ['--format', 'parquet'], /--output/],
    ['a file for what is printed', ['--format', 'csv', '--output', 'x.csv'], /--output is for Parquet/],
  ])('refuses %s', async (_, args, message) => {
    await expect(exportTo(...args)).rejects.toThrow(message);
  });
});
