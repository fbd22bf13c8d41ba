/** `kt events tail`: shows the last decision events, and those that come. */
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ChainedEvent, EventVerdict } from '../../lambda/audit/decision-event.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import {
  askEvidence,
  ATHENA_SERVICES,
  sinceOption,
  withAthena,
  type AthenaFlags,
  type AthenaServices,
} from '../events/athena-evidence.ts';
import { eventLine } from '../events/event-line.ts';
import { decisionsSql, eventOfRow } from '../events/event-sql.ts';
import { endOffsets, lastEvents, newEvents, type Wanted } from '../events/follow-events.ts';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface TailOptions extends AthenaFlags {
  readonly since?: string;
  readonly auditDir: string;
  readonly lines: number;
  readonly follow: boolean;
  readonly verdict: readonly EventVerdict[];
  readonly json: boolean;
}

/** Resolves when it is time to look again; false ends the following. */
export type NextLook = () => Promise<boolean>;

const LOOK_MS = 250;
const LOOKED_BACK_MS = 7 * 86_400_000;

const EXAMPLES = `
Examples:
  $ kt events tail
  $ kt events tail --follow --verdict block --verdict redact
  $ kt events tail -n 1000 --json | jq .cost_usd
  $ kt events tail --athena --verdict block --since 2026-11-01

From AWS: the last events of the last seven days unless --since says otherwise; Firehose brings an event within some
two minutes. Each look is a question that is billed, so there is no --follow.`;

/** Makes the command; following ends with the process, or as nextLook says. */
export function eventsTailCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  nextLook: NextLook = () => wait(LOOK_MS, true),
  services: AthenaServices = ATHENA_SERVICES,
): Command {
  const command = new Command('tail')
    .description('show the last decision events, one line each')
    .addOption(auditDirOption().conflicts('athena'));
  return withAthena(command)
    .addOption(sinceOption('all, with --athena the last seven days'))
    .option('-n, --lines <count>', 'how many events', readCount, 20)
    .addOption(
      new Option('-f, --follow', 'go on with the events that come').default(false).conflicts('athena'),
    )
    .addOption(
      new Option('--verdict <verdict...>', 'only events with one of these verdicts')
        .choices(['allow', 'redact', 'block', 'escalate', 'error'])
        .default([], 'all'),
    )
    .option('--json', 'print the stored JSON, one event a line', false)
    .addHelpText('after', EXAMPLES)
    .action((options: TailOptions) =>
      options.athena
        ? tailAthena(options, terminal, services)
        : withFolder(options.auditDir, () => tail(options, terminal, nextLook)),
    );
}

async function tailAthena(options: TailOptions, terminal: Terminal, services: AthenaServices): Promise<void> {
  const since = options.since ?? new Date(Date.now() - LOOKED_BACK_MS).toISOString().slice(0, 10);
  const sql = decisionsSql({ since, verdicts: options.verdict, last: options.lines });
  await askEvidence(sql, options, terminal, services, async ({ columns, rows }) => {
    let shown = 0;
    for await (const row of rows) {
      const event = eventOfRow(columns, row);
      if (event === undefined) continue;
      print([event], options, terminal);
      shown++;
    }
    if (shown === 0) terminal.err(`no events since ${since}\n`);
  });
}

function print(events: readonly ChainedEvent[], { json }: TailOptions, terminal: Terminal): void {
  for (const event of events) {
    terminal.out(`${json ? JSON.stringify(event) : eventLine(event, terminal.paint)}\n`);
  }
}

async function tail(options: TailOptions, terminal: Terminal, nextLook: NextLook): Promise<void> {
  const { auditDir: dir, lines, follow, verdict, since = '' } = options;
  const isWanted: Wanted = (event) =>
    event.timestamp >= since && (verdict.length === 0 || verdict.includes(event.verdict));
  const offsets = await endOffsets(dir);
  const last = await lastEvents(dir, lines, isWanted);
  print(last, options, terminal);
  if (!follow) {
    if (last.length === 0) terminal.err(`no events in ${dir}\n`);
    return;
  }
  // What came between the two readings was shown already.
  const shown = new Set(last.map(({ event_id }) => event_id));
  while (await nextLook()) {
    const come = await newEvents(dir, offsets, isWanted);
    print(
      come.filter(({ event_id }) => !shown.delete(event_id)),
      options,
      terminal,
    );
  }
}

function readCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Allowed is a whole number from 0.');
  return Number(text);
}
