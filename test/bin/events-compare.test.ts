/** `kt events compare`: what stands in the folder of evidence, side by side. */
import { describe, expect, it } from 'vitest';
import { eventsCompareCommand } from '../../bin/commands/events-compare.ts';
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';

type Fields = Partial<DecisionEvent>;

/** As many events of one variant, their latencies from 100 ms upwards in steps of 10. */
function ofVariant(variant: string, count: number, fields: Fields = {}): readonly Fields[] {
  return Array.from({ length: count }, (_, index) => ({
    variant,
    target_id: variant,
    event_id: `evt_${variant}_${JSON.stringify(fields)}_${index}`,
    latency_total_ms: 100 + 10 * index,
    total_tokens: 100,
    cost_usd: 0.001,
    ...fields,
  }));
}

const ERROR: Fields = { verdict: 'error', http_status: 502, reason_code: 'upstream.error', cost_usd: 0 };
const BLOCK: Fields = { verdict: 'block', http_status: 409, latency_total_ms: 9_999 };

async function compared(events: readonly Fields[], ...args: readonly string[]) {
  const terminal = recordingTerminal();
  const dir = await anAuditFolder(events);
  await eventsCompareCommand(terminal).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}

async function figures(events: readonly Fields[], ...args: readonly string[]): Promise<unknown> {
  const found: unknown = JSON.parse((await compared(events, '--json', ...args)).stdout());
  return found;
}

describe('the figures of a variant', () => {
  it('are those of the requests that were given to it', async () => {
    const events = [
      ...ofVariant('control', 20),
      ...ofVariant('control', 3, ERROR),
      ...ofVariant('control', 2, { target_id: 'other' }),
      ...ofVariant('other', 10),
      ...ofVariant('other', 1, BLOCK),
      ...ofVariant('other', 4, { verdict: 'redact' }),
    ];
    expect(await figures(events)).toMatchObject({
      by: 'variant',
      baseline: 'control',
      confidence: 0.95,
      groups: [
        {
          group: 'control',
          requests: 25,
          errors: 3,
          blocks: 0,
          redactions: 0,
          answered_elsewhere: 2,
          tokens: 2_500,
          cost_usd: 0.022,
        },
        { group: 'other', requests: 15, errors: 0, blocks: 1, redactions: 4, answered_elsewhere: 0 },
      ],
    });
  });

  it.each([
    ['a block', BLOCK],
    ['an error', { ...ERROR, latency_total_ms: 60_000 }],
    ['a stream that broke', { verdict: 'error', http_status: 200, latency_total_ms: 60_000 } as const],
    ['a caller who left', { http_status: 499, client_closed: true, latency_total_ms: 60_000 }],
  ])('have a latency to which %s adds nothing', async (_, fields) => {
    const events = [...ofVariant('a', 20), ...ofVariant('a', 20, fields)];
    expect(await figures(events)).toMatchObject({ groups: [{ latency_p50_ms: 190, latency_p95_ms: 280 }] });
  });

  it('count a caller who left for no error', async () => {
    const left: Fields = { verdict: 'error', http_status: 499, client_closed: true };
    expect(await figures(ofVariant('a', 3, left))).toMatchObject({ groups: [{ requests: 3, errors: 0 }] });
  });
});

describe('the differences', () => {
  const events = [...ofVariant('control', 80), ...ofVariant('slow', 75, { ...ERROR, cost_usd: 0.003 })];

  it('are told for every measure, with bounds where there are enough requests', async () => {
    expect(await figures(events)).toMatchObject({
      differences: [
        {
          group: 'slow',
          measure: 'error_rate',
          difference: 1,
          low: expect.closeTo(0.934, 2) as unknown,
          high: 1,
        },
        { group: 'slow', measure: 'latency_p50_ms', difference: null, low: null, high: null },
        { group: 'slow', measure: 'latency_p95_ms', difference: null, low: null, high: null },
        { group: 'slow', measure: 'tokens_per_request', difference: 0, low: 0, high: 0 },
        { group: 'slow', measure: 'cost_usd_per_request', difference: expect.closeTo(0.002, 9) as unknown },
        { group: 'slow', measure: 'block_rate', difference: 0 },
        { group: 'slow', measure: 'redaction_rate', difference: 0 },
      ],
    });
  });

  it('are taken from the baseline that is asked for', async () => {
    expect(await figures(events, '--baseline', 'slow')).toMatchObject({
      baseline: 'slow',
      differences: expect.arrayContaining([
        expect.objectContaining({ group: 'control', measure: 'error_rate', difference: -1 }),
      ]) as unknown,
    });
  });

  it('are refused from a baseline that is not there', async () => {
    await expect(compared(events, '--baseline', 'contrl')).rejects.toMatchObject({
      exitCode: 1,
      message: 'no event names the variant contrl; there are: control, slow',
    });
  });

  it('are shown as tables', async () => {
    const { stdout } = await compared([
      ...ofVariant('control', 100),
      ...ofVariant('test', 80, { total_tokens: 160 }),
      ...ofVariant('test', 10, BLOCK),
    ]);
    expect(stdout().split('\n')).toMatchInlineSnapshot(`
      [
        "variant  requests  errors  p50 ms  p95 ms  tokens  cost in USD  blocks  redactions  answered elsewhere",
        "control       100   0.0 %     590    1040   10000     0.100000   0.0 %       0.0 %                   0",
        "test           90   0.0 %     490     850   13800     0.090000  11.1 %       0.0 %                   0",
        "",
        "test less control, with 95 % confidence intervals",
        "  errors              0.00 points   -3.70 points to +4.09 points  not clear",
        "  p50 latency             -100 ms              -242 ms to +41 ms  not clear",
        "  p95 latency             -190 ms             -254 ms to -126 ms       less",
        "  tokens a request          +53.3                 +49.4 to +57.3       more",
        "  cost a request     0.000000 USD   0.000000 USD to 0.000000 USD       same",
        "  blocks            +11.11 points  +4.92 points to +19.26 points       more",
        "  redactions          0.00 points   -3.70 points to +4.09 points  not clear",
        "",
      ]
    `);
  });
});

describe('what is compared', () => {
  const events: readonly Fields[] = [
    { variant: null, target_id: 'a', model: 'm1', timestamp: '2026-11-01T10:00:00.000000Z' },
    { variant: null, target_id: 'a', model: 'm2', timestamp: '2026-11-02T10:00:00.000400Z' },
    { variant: null, target_id: null, model: 'm2', timestamp: '2026-11-03T10:00:00.000000Z' },
  ];

  it.each([
    ['target', [['a', 2]], '1 event without a target left out\n'],
    [
      'model',
      [
        ['m2', 2],
        ['m1', 1],
      ],
      '',
    ],
  ] as const)('may be the %s', async (by, groups, told) => {
    const terminal = await compared(events, '--by', by, '--json');
    expect(JSON.parse(terminal.stdout())).toMatchObject({
      groups: groups.map(([group, requests]) => ({ group, requests })),
    });
    expect(terminal.stderr()).toBe(told);
  });

  it.each([
    ['a day', '2026-11-02', 2],
    ['an instant', '2026-11-02T10:00:00.000Z', 2],
    ['a later instant', '2026-11-02T10:00:00.001Z', 1],
    ['an hour of another zone', '2026-11-03T11:00:00+01:00', 1],
  ])('may begin with %s', async (_, since, requests) => {
    expect(await figures(events, '--by', 'model', '--since', since)).toMatchObject({
      groups: [{ group: 'm2', requests }],
    });
  });

  it('is nothing where no event names a variant, and that is said', async () => {
    const terminal = await compared(events);
    expect(terminal.stdout()).toBe('');
    expect(terminal.stderr()).toBe(
      '3 events without a variant left out\nno event names a variant: is providers.ab_test configured?\n',
    );
    expect(await figures(events)).toMatchObject({ baseline: null, groups: [], differences: [] });
  });

  it('is shown without the escape sequences that a caller put into it', async () => {
    const { stdout } = await compared([{ model: '\u001b[31mred' }], '--by', 'model');
    expect(stdout()).not.toContain('\u001b');
  });
});

describe('the help', () => {
  it('names the methods', () => {
    let help = '';
    eventsCompareCommand(recordingTerminal())
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const name of ['Wilson', 'Newcombe', 'Zou and Donner', 'Welch']) expect(help).toContain(name);
  });
});
