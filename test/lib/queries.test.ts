/** The named queries on a small lake whose figures were computed by hand, in DuckDB. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionEvent, PolicyResult } from '../../lambda/audit/decision-event.ts';
import { namedQueries } from '../../lib/queries/named-queries.ts';
import { aDecisionEvent } from '../support/a-decision-event.ts';
import { askDuckdb } from '../support/duckdb.ts';

const HOUR_MS = 3_600_000;
/** Noon of yesterday: every query's period has it, and no start of that time may still run. */
const NOON = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS - 12 * HOUR_MS;
const at = (minutes: number): string => `${new Date(NOON + minutes * 60_000).toISOString().slice(0, -1)}000Z`;
const DAY = at(0).slice(0, 10);

const found = (entities: Record<string, number>, phase: 'input' | 'output'): PolicyResult => ({
  kind: 'pii-detector',
  phase,
  mode: 'enforce',
  verdict: 'redact',
  reason_code: 'pii.redacted',
  score: null,
  latency_ms: 0.1,
  entities,
});
const call = (target_id: string, error: string | null) => ({
  target_id,
  status: error === null ? 200 : 503,
  latency_ms: 5,
  error,
});

/** Five requests; costs and latencies are sums that can be done in the head. */
const requests: readonly Partial<DecisionEvent>[] = [
  { variant: 'a', latency_total_ms: 100, cost_usd: 0.25, attempts: [call('primary', null)] },
  {
    variant: 'a',
    latency_total_ms: 300,
    cost_usd: 0.75,
    verdict: 'redact',
    policy_results: [found({ EMAIL: 2, PHONE: 1 }, 'input'), found({ EMAIL: 1 }, 'output')],
    attempts: [call('primary', 'upstream_error'), call('spare', null)],
    target_id: 'spare',
  },
  {
    variant: 'b',
    latency_total_ms: 50,
    cost_usd: 0,
    verdict: 'block',
    reason_code: 'prompt_injection.detected',
    policy_name: 'prompt-injection',
    target_id: null,
    attempts: [],
  },
  {
    variant: 'b',
    latency_total_ms: 150,
    cost_usd: 0,
    verdict: 'error',
    attempts: [call('primary', 'upstream_error')],
    policy_results: [found({ EMAIL: 4 }, 'input')],
  },
  { cost_usd: 0.5, attempts: [call('primary', null)] },
];
const decisions = requests.map((fields, index) =>
  aDecisionEvent({ event_id: `evt_${index + 1}`, timestamp: at(index), ...fields }),
);
const starts = ['evt_1', 'evt_9'].map((decision_id) => ({
  event_id: decision_id.replace('evt', 'sta'),
  event_type: 'start',
  timestamp: at(9),
  decision_id,
  request_id: 'req',
  target_id: 'primary',
  chain: { writer_id: 'writer', seq: 1, prev_hash: '', hash: '' },
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  const files = {
    [`dt=${DAY}/hr=12/a.jsonl`]: [...decisions.slice(0, 3), ...starts],
    // Firehose delivered two of them once more, an hour later; a crash tore the last line.
    [`dt=${DAY}/hr=13/b.jsonl`]: [...decisions.slice(1, 5), decisions[1], starts[1], starts[0]],
  };
  for (const [name, records] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    const lines = records.map((record) => JSON.stringify(record)).join('\n');
    await writeFile(join(folder, name), `${lines}\n${name.includes('hr=13') ? '{"event_id":"evt_to' : ''}`);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const sqlOf = (name: string): string => namedQueries().find((query) => query.name === name)?.sql ?? '';

describe('the named queries', () => {
  it.each([
    [
      'recent-blocks',
      [
        expect.objectContaining({
          event_id: 'evt_3',
          verdict: 'block',
          reason_code: 'prompt_injection.detected',
        }),
      ],
    ],
    [
      'cost-per-target-per-day',
      [
        // 0.25 + 0 + 0.50, three requests of twelve tokens in and three out.
        expect.objectContaining({
          day: DAY,
          target: 'primary',
          requests: 3,
          input_tokens: 36,
          output_tokens: 9,
          cost_usd: 0.75,
          cost_per_request_usd: 0.25,
        }),
        expect.objectContaining({ target: 'spare', requests: 1, cost_usd: 0.75 }),
        expect.objectContaining({ target: 'none', requests: 1, cost_usd: 0 }),
      ],
    ],
    [
      'variants-compared',
      [
        {
          variant: 'a',
          requests: 2,
          error_rate: 0,
          latency_p50_ms: 200,
          latency_p95_ms: 290,
          tokens: 30,
          cost_per_request_usd: 0.5,
          block_rate: 0,
          redaction_rate: 0.5,
        },
        {
          variant: 'b',
          requests: 2,
          error_rate: 0.5,
          latency_p50_ms: 100,
          latency_p95_ms: 145,
          tokens: 30,
          cost_per_request_usd: 0,
          block_rate: 0.5,
          redaction_rate: 0,
        },
      ],
    ],
    [
      'starts-without-an-end',
      [expect.objectContaining({ event_id: 'sta_9', decision_id: 'evt_9', writer_id: 'writer' })],
    ],
    [
      'personal-data-by-type',
      [
        { type: 'EMAIL', phase: 'input', findings: 6, requests: 2 },
        { type: 'EMAIL', phase: 'output', findings: 1, requests: 1 },
        { type: 'PHONE', phase: 'input', findings: 1, requests: 1 },
      ],
    ],
    [
      'circuit-transitions',
      [
        expect.objectContaining({ target_id: 'primary', transition: 'stopped answering', event_id: 'evt_2' }),
        expect.objectContaining({ target_id: 'primary', transition: 'answers again', event_id: 'evt_5' }),
      ],
    ],
  ])('%s gives the figures of the lake', async (name, rows) => {
    expect(await askDuckdb(folder, sqlOf(name))).toEqual(rows);
  });

  it('are all tested above', () => {
    expect(namedQueries()).toHaveLength(6);
  });
});

describe('the view decisions', () => {
  it('has each decision once, though copies lie in two hours', async () => {
    const rows = await askDuckdb(folder, 'select event_id from decisions order by event_id');
    expect(rows).toEqual(decisions.map(({ event_id }) => ({ event_id })));
  });
});
