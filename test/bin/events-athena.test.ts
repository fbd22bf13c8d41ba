/** `kt events query|tail|export --athena` with the real client against a stub that speaks Athena's protocol. */
import type { Command } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventsExportCommand } from '../../bin/commands/events-export.ts';
import { eventsQueryCommand } from '../../bin/commands/events-query.ts';
import { eventsTailCommand } from '../../bin/commands/events-tail.ts';
import { ATHENA_SERVICES, sizeText, type AthenaServices } from '../../bin/events/athena-evidence.ts';
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import { EVENT_COLUMNS } from '../../lambda/audit/event-columns.ts';
import { emptyChain, link } from '../../lambda/audit/hash-chain.ts';
import { isRecord } from '../../lambda/config/canonical-json.ts';
import { namedQueries } from '../../lib/queries/named-queries.ts';
import { aDecisionEvent } from '../support/a-decision-event.ts';
import { startAthenaStub, type AthenaScript } from '../support/athena-stub.ts';
import { recordingTerminal, type RecordingTerminal } from '../support/recording-terminal.ts';

const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
const DONE = { state: 'SUCCEEDED', bytes: 12_345_678 };
const never = (): Promise<string> => Promise.reject(new Error('not asked for'));

interface Asked {
  readonly script: AthenaScript;
  /** The signal of Ctrl-C comes after so many waits. */
  readonly interruptedAfter?: number;
  readonly output?: AthenaServices['output'];
}

type Make = (terminal: RecordingTerminal, services: AthenaServices, write: (text: string) => void) => Command;

/** Time passes with the waits alone. */
async function run(make: Make, args: readonly string[], { script, interruptedAfter, output }: Asked) {
  const stub = await startAthenaStub(script);
  onTestFinished(() => stub.close());
  const terminal = recordingTerminal();
  const outputs: string[] = [];
  const control = new AbortController();
  let [clock, waits, written] = [0, 0, ''];
  const services: AthenaServices = {
    output:
      output ??
      (async (stack, name) => {
        outputs.push(`${stack}.${name}`);
        return name === 'AuditDatabase' ? 'gateway_audit' : 'gateway-audit';
      }),
    client: { endpoint: stub.url, region: 'eu-west-1', credentials, maxAttempts: 1 },
    now: () => clock,
    wait: async (delayMs) => {
      clock += delayMs;
      if (++waits === interruptedAfter) control.abort();
    },
    interruptible: (ask) => ask(control.signal),
  };
  const command = make(terminal, services, (text) => void (written += text));
  const ended = command.parseAsync(['--athena', ...args], { from: 'user' });
  const failure = await ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { stub, terminal, outputs, failure, written: () => written };
}

const query: Make = (terminal, services) => eventsQueryCommand(terminal, services);
const tail: Make = (terminal, services) =>
  eventsTailCommand(terminal, () => Promise.resolve(false), services);
const exported: Make = (terminal, services, write) =>
  eventsExportCommand(terminal, async (text) => write(text), services);

const ANSWER: AthenaScript = {
  states: [{ state: 'QUEUED' }, { state: 'RUNNING', bytes: 2_000 }, DONE],
  columns: [
    ['model', 'varchar'],
    ['requests', 'bigint'],
    ['usd', 'double'],
    ['degraded', 'boolean'],
  ],
  rows: [
    ['gpt-4o', '3', '0.25', 'false'],
    ['claude', '9007199254740993', '1', 'true'],
    [null, '0', null, null],
  ],
};

describe('kt events query --athena', () => {
  it('answers in a table, all pages of it, and says how much was read', async () => {
    const { terminal, failure } = await run(query, ['select 1'], { script: ANSWER });
    expect(failure).toBeUndefined();
    const lines = terminal.stdout().split('\n');
    expect(lines.map((line) => line.trimEnd())).toEqual([
      'model           requests   usd  degraded',
      'gpt-4o                 3  0.25     false',
      'claude  9007199254740993     1      true',
      '                       0',
      '',
    ]);
    expect(terminal.stderr()).toBe(
      'queued, 0.0 s, 0 bytes read\nrunning, 0.3 s, 2.0 kB read\n3 rows\n12.3 MB read by Athena\n',
    );
  });

  it('answers in JSON, numbers as numbers unless they would change', async () => {
    const { terminal } = await run(query, ['select 1', '--json'], { script: ANSWER });
    expect(JSON.parse(terminal.stdout())).toEqual([
      { model: 'gpt-4o', requests: 3, usd: 0.25, degraded: false },
      { model: 'claude', requests: '9007199254740993', usd: 1, degraded: true },
      { model: null, requests: 0, usd: null, degraded: null },
    ]);
  });

  it('asks in the workgroup and the database of the stack', async () => {
    const { stub, outputs } = await run(query, ['select 1', '--stack', 'Mine'], { script: ANSWER });
    expect(outputs).toEqual(['Mine-AuditQuery.AuditDatabase', 'Mine-AuditQuery.AuditWorkGroup']);
    expect(stub.started).toEqual([
      { QueryString: 'select 1', WorkGroup: 'gateway-audit', database: 'gateway_audit' },
    ]);
  });

  it('knows the named queries', async () => {
    const { stub } = await run(query, ['recent-blocks'], { script: ANSWER });
    const named = namedQueries().find(({ name }) => name === 'recent-blocks');
    expect(stub.started[0]?.QueryString).toBe(named?.sql);
  });

  it('gives no rows for an answer without any', async () => {
    const { terminal } = await run(query, ['select 1', '--json'], { script: { ...ANSWER, rows: [] } });
    expect(JSON.parse(terminal.stdout())).toEqual([]);
  });

  it.each<readonly [string, AthenaScript, RegExp]>([
    [
      'what fails, in the words of Athena',
      { states: [{ state: 'FAILED', reason: "COLUMN_NOT_FOUND: line 1:8: Column 'x'" }] },
      /Athena: COLUMN_NOT_FOUND: line 1:8/,
    ],
    [
      'what the limit of the workgroup ends',
      { states: [{ state: 'CANCELLED', reason: 'Bytes scanned limit was exceeded' }] },
      /the question was ended: Bytes scanned limit was exceeded; the workgroup limits/,
    ],
    [
      'what is refused, with the remedy',
      { states: [], refused: { code: 'InvalidRequestException', message: 'WorkGroup is not found.' } },
      /out of reach: InvalidRequestException: WorkGroup is not found.*npx cdk deploy 'AuditQuery/,
    ],
  ])('tells %s', async (_, script, message) => {
    const { failure, stub } = await run(query, ['select 1'], { script });
    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringMatching(message) as unknown });
    expect(stub.calls).not.toContain('GetQueryResults');
  });

  it.each<readonly [string, readonly string[], Partial<Asked>, RegExp]>([
    ['Ctrl-C', [], { interruptedAfter: 2 }, /stopped, and the question in Athena with it \(query-1\)/],
    ['the time that it may take', ['--timeout-seconds', '3'], {}, /no answer within 3 s.*--timeout-seconds/],
  ])('is ended by %s, in Athena as well', async (_, args, over, message) => {
    const script: AthenaScript = { states: [{ state: 'RUNNING' }] };
    const { failure, stub } = await run(query, ['select 1', ...args], { script, ...over });
    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringMatching(message) as unknown });
    expect(stub.calls.at(-1)).toBe('StopQueryExecution');
  });

  it('says what to do without a region', async () => {
    const output = (): Promise<string> => Promise.reject(new Error('Region is missing'));
    const { failure } = await run(query, ['select 1'], { script: ANSWER, output });
    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('AWS_REGION') as unknown });
  });

  it('keeps what is a defect as it is', async () => {
    const { failure } = await run(query, ['select 1'], { script: ANSWER, output: never });
    expect(failure).toMatchObject({ name: 'Error', message: 'not asked for' });
  });
});

/** As Trino has them: scalars as texts, everything else as JSON. */
function rowOf(fields: Partial<DecisionEvent>, spell: (value: unknown) => unknown = (value) => value) {
  const event: unknown = JSON.parse(link(aDecisionEvent(fields), emptyChain('w')).line);
  if (!isRecord(event)) throw new Error('an event is an object');
  return Object.keys(EVENT_COLUMNS)
    .filter((name) => name !== 'decision_id')
    .map((name) => {
      const value = event[name] ?? null;
      if (value === null) return null;
      return typeof value === 'string' ? value : JSON.stringify(spell(value));
    });
}
const COLUMNS = Object.entries(EVENT_COLUMNS)
  .filter(([name]) => name !== 'decision_id')
  .map(([name, type]) => [name, typeof type === 'string' && type !== 'string' ? type : 'varchar'] as const);
const asEvents = (...rows: AthenaScript['rows'] & {}): AthenaScript => ({
  states: [DONE],
  columns: COLUMNS,
  rows,
});

describe('kt events tail --athena', () => {
  const BLOCKED = { event_id: 'evt_2', verdict: 'block', reason_code: 'safety.blocked' } as const;

  it('shows events as from a folder', async () => {
    const { terminal } = await run(tail, [], { script: asEvents(rowOf({}), rowOf(BLOCKED)) });
    expect(terminal.stdout().split('\n')).toHaveLength(3);
    expect(terminal.stdout()).toContain('<red>block   </red>');
    expect(terminal.stderr()).toBe('12.3 MB read by Athena\n');
  });

  it('asks for the last ones of the days and verdicts that are wanted, each once', async () => {
    const args = ['-n', '5', '--verdict', 'block', 'error', '--since', '2026-11-01'];
    const { stub } = await run(tail, args, { script: asEvents() });
    const sql = stub.started[0]?.QueryString;
    expect(sql).toContain("dt >= '2026-11-01' and verdict in ('block', 'error')");
    expect(sql).toContain('partition by event_id');
    expect(sql).toContain('order by "timestamp" desc, event_id desc limit 5');
  });

  it('gives the stored JSON', async () => {
    const { terminal } = await run(tail, ['--json'], { script: asEvents(rowOf(BLOCKED)) });
    expect(JSON.parse(terminal.stdout())).toEqual(
      JSON.parse(link(aDecisionEvent(BLOCKED), emptyChain('w')).line),
    );
  });

  it('says when there are none', async () => {
    const { terminal } = await run(tail, ['--since', '2026-11-01'], { script: asEvents() });
    expect(terminal.stderr()).toContain('no events since 2026-11-01\n');
  });
});

describe('kt events export --athena', () => {
  const attempts = [{ target_id: 'a', status: 200, latency_ms: 1.5, error: null }];

  it.each([
    ['an object', (value: unknown) => value],
    // Older versions of Trino do.
    [
      'a list of its values',
      (value: unknown) =>
        Array.isArray(value)
          ? value.map((each: unknown) => (isRecord(each) ? ['a', 200, 1.5, null] : each))
          : value,
    ],
  ])('gives every event as it was stored, where Athena gives a row as %s', async (_, spell) => {
    const fields = { attempts, policy_results: [], redactions: [] };
    const { written, terminal } = await run(exported, [], { script: asEvents(rowOf(fields, spell)) });
    expect(written()).toBe(
      `${JSON.stringify(JSON.parse(link(aDecisionEvent(fields), emptyChain('w')).line))}\n`,
    );
    expect(terminal.stderr()).toBe('1 event exported\n12.3 MB read by Athena\n');
  });

  it('gives them as CSV', async () => {
    const { written } = await run(exported, ['--format', 'csv'], { script: asEvents(rowOf({}), rowOf({})) });
    expect(written().split('\r\n')).toHaveLength(4);
  });

  it('refuses Parquet, which is made of a folder', async () => {
    const { failure, stub } = await run(exported, ['--format', 'parquet'], { script: ANSWER });
    expect(failure).toMatchObject({ exitCode: 1 });
    expect(stub.calls).toEqual([]);
  });
});

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [10_000_000, '10.0 MB'],
    [5e15, '5000.0 TB'],
  ])('of %d is told as %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe('a question in a terminal', () => {
  it('is told of Ctrl-C while it runs, and leaves the signal to others afterwards', async () => {
    const before = process.listeners('SIGINT');
    const wasAborted = await ATHENA_SERVICES.interruptible(async (signal) => {
      const [own] = process.listeners('SIGINT').filter((listener) => !before.includes(listener));
      own?.('SIGINT');
      await ATHENA_SERVICES.wait(60_000, signal);
      return signal.aborted;
    });
    expect(wasAborted).toBe(true);
    expect(process.listeners('SIGINT')).toEqual(before);
  });
});
