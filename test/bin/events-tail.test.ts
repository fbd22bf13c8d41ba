/** `kt events tail`: the last events in the order of their time, then those that come. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsTailCommand, type NextLook } from '../../bin/commands/events-tail.ts';
import { eventLine } from '../../bin/events/event-line.ts';
import { aDecisionEvent, storedEvent } from '../support/a-decision-event.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { storedLines } from '../support/stored-lines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function tail(dir: string, args: readonly string[], nextLook?: NextLook) {
  const terminal = recordingTerminal();
  await eventsTailCommand(terminal, nextLook).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}
const idsIn = (jsonLines: string) =>
  jsonLines.split('\n').flatMap((line) => (line === '' ? [] : storedEvent(line).event_id));

const at = (hour: number, minute: number) => ({
  timestamp: new Date(Date.UTC(2026, 10, 1, hour, minute)).toISOString(),
});

describe('kt events tail', () => {
  it('shows the last twenty events, oldest first', async () => {
    const dir = await anAuditFolder(Array.from({ length: 25 }, (_, minute) => at(10, minute)));
    const { stdout } = await tail(dir, ['--json']);
    expect(idsIn(stdout())).toEqual(Array.from({ length: 20 }, (_, index) => `evt_${index + 6}`));
  });

  it.each([
    ['0', []],
    ['1', ['evt_3']],
    ['2', ['evt_2', 'evt_3']],
    ['9', ['evt_1', 'evt_2', 'evt_3']],
  ])('shows as many as -n %s asks for, over hours', async (count, ids) => {
    const dir = await anAuditFolder([at(10, 0), at(11, 0), at(12, 0)]);
    expect(idsIn((await tail(dir, ['-n', count, '--json'])).stdout())).toEqual(ids);
  });

  it('orders the events of several writers by time', async () => {
    const dir = await anAuditFolder([at(10, 0), at(10, 20)], { writerId: 'one' });
    await anAuditFolder([{ ...at(10, 10), event_id: 'evt_other' }], { dir, writerId: 'two' });
    expect(idsIn((await tail(dir, ['--json'])).stdout())).toEqual(['evt_1', 'evt_other', 'evt_2']);
  });

  it('shows only the verdicts that are asked for, as many as asked for', async () => {
    const dir = await anAuditFolder([
      { verdict: 'block' },
      {},
      { verdict: 'error' },
      {},
      { verdict: 'block' },
    ]);
    const { stdout } = await tail(dir, ['--verdict', 'block', '--verdict', 'error', '-n', '2', '--json']);
    expect(idsIn(stdout())).toEqual(['evt_3', 'evt_5']);
  });

  it('prints the stored line with --json', async () => {
    const dir = await anAuditFolder([{}]);
    expect((await tail(dir, ['--json'])).stdout()).toBe(`${(await storedLines(dir))[0]}\n`);
  });

  it('says on stderr when there are none', async () => {
    const { stdout, stderr } = await tail(await temporaryFolder(), []);
    expect(stdout()).toBe('');
    expect(stderr()).toMatch(/no events in/);
  });

  it('says what to do when the folder is not there', async () => {
    const missing = join(await temporaryFolder(), 'audit');
    await expect(tail(missing, [])).rejects.toThrow(/it is not there.*--audit-dir/);
  });

  it('goes on with what comes: in known files, in new ones, and whole lines only', async () => {
    const dir = await anAuditFolder([at(10, 0)], { writerId: 'one' });
    const more = await anAuditFolder([{}, {}, {}].map((_, index) => ({ event_id: `evt_new${index + 1}` })));
    const [first = '', second = '', third = ''] = await storedLines(more);
    const known = join(dir, 'dt=2026-11-01/hr=10/one.jsonl');
    const steps = [
      () => appendFile(known, `${first}\n${second.slice(0, 50)}`),
      () => appendFile(known, `${second.slice(50)}\n`),
      async () => {
        await mkdir(join(dir, 'dt=2026-11-02/hr=00'), { recursive: true });
        await writeFile(join(dir, 'dt=2026-11-02/hr=00/two.jsonl'), `${third}\n`);
      },
      () => Promise.resolve(),
    ];
    const nextLook = async () => {
      const step = steps.shift();
      await step?.();
      return step !== undefined;
    };
    const { stdout } = await tail(dir, ['--follow', '--json'], nextLook);
    expect(idsIn(stdout())).toEqual(['evt_1', 'evt_new1', 'evt_new2', 'evt_new3']);
    expect(await readFile(known, 'utf8')).toContain('evt_new2');
  });
});

describe('the line of an event', () => {
  const paint = (format: string, text: string) => `<${format}>${text}</${format}>`;
  const plain = (_: string, text: string) => text;

  it('says what a person looks for', () => {
    expect(eventLine(aDecisionEvent(), plain)).toBe(
      '2026-11-01 10:11:12.123  allow     200  /v1/chat/completions  primary gpt-4o-2024-08-06  12+3 tokens  $0.000060  10 ms  evt_01JBKXQ0000000000000000000',
    );
  });

  it.each([
    ['allow', 'green'],
    ['redact', 'yellow'],
    ['block', 'red'],
    ['escalate', 'magenta'],
    ['error', 'red'],
  ] as const)('paints %s %s', (verdict, colour) => {
    expect(eventLine(aDecisionEvent({ verdict }), paint)).toContain(
      `<${colour}>${verdict.padEnd(8)}</${colour}>`,
    );
  });

  it.each([
    ['the reason', { verdict: 'block', reason_code: 'pii.blocked' }, 'pii.blocked'],
    ['a stream', { stream: true }, '/v1/chat/completions (stream)'],
    ['the model that was asked for', { model: null, target_id: null }, '  gpt-4o  '],
    [
      'further attempts',
      { attempts: [1, 2].map(() => ({ target_id: 't', status: 500, latency_ms: 1, error: null })) },
      'after 2 attempts',
    ],
    ['a degraded answer', { degraded: true }, 'degraded'],
    ['a caller that left', { client_closed: true }, 'caller left'],
    ['a larger cost', { cost_usd: 1.5 }, '$1.5000'],
  ] as const)('tells of %s', (_, fields, text) => {
    expect(eventLine(aDecisionEvent(fields), plain)).toContain(text);
  });

  it('adds up what was found', () => {
    const result = {
      kind: 'pii-detector',
      phase: 'input',
      mode: 'enforce',
      verdict: 'redact',
      reason_code: 'pii.redacted',
      score: null,
      latency_ms: 0,
    } as const;
    const policy_results = [
      { ...result, entities: { EMAIL: 1, PHONE: 1 } },
      { ...result, entities: { EMAIL: 2 } },
    ];
    expect(eventLine(aDecisionEvent({ policy_results }), plain)).toContain('EMAIL x3, PHONE x1');
  });

  it('lets no escape sequence through, and no endless name', () => {
    const line = eventLine(aDecisionEvent({ model: `\u001b[2J\u202e${'m'.repeat(500)}` }), plain);
    expect(line).not.toMatch(/\p{C}/u);
    expect(line.length).toBeLessThan(300);
  });
});
