/** `kt events tail`: shows the last decision events, and those that come. */
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ChainedEvent, EventVerdict } from '../../lambda/audit/decision-event.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { eventLine } from '../events/event-line.ts';
import { endOffsets, lastEvents, newEvents, type Wanted } from '../events/follow-events.ts';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface TailOptions {
  readonly auditDir: string;
  readonly lines: number;
  readonly follow: boolean;
  readonly verdict: readonly EventVerdict[];
  readonly json: boolean;
}

/** Resolves when it is time to look again; false ends the following. */
export type NextLook = () => Promise<boolean>;

const LOOK_MS = 250;

const EXAMPLES = `
Examples:
  $ kt events tail
  $ kt events tail --follow --verdict block --verdict redact
  $ kt events tail -n 1000 --json | jq .cost_usd`;

/** Makes the command; following ends with the process, or as nextLook says. */
export function eventsTailCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  nextLook: NextLook = () => wait(LOOK_MS, true),
): Command {
  return new Command('tail')
    .description('show the last decision events, one line each')
    .addOption(auditDirOption())
    .option('-n, --lines <count>', 'how many events', readCount, 20)
    .option('-f, --follow', 'go on with the events that come', false)
    .addOption(
      new Option('--verdict <verdict...>', 'only events with one of these verdicts')
        .choices(['allow', 'redact', 'block', 'escalate', 'error'])
        .default([], 'all'),
    )
    .option('--json', 'print the stored JSON, one event a line', false)
    .addHelpText('after', EXAMPLES)
    .action((options: TailOptions) => withFolder(options.auditDir, () => tail(options, terminal, nextLook)));
}

async function tail(options: TailOptions, terminal: Terminal, nextLook: NextLook): Promise<void> {
  const { auditDir: dir, lines, follow, verdict } = options;
  const isWanted: Wanted = (event) => verdict.length === 0 || verdict.includes(event.verdict);
  const print = (events: readonly ChainedEvent[]): void => {
    for (const event of events) {
      terminal.out(`${options.json ? JSON.stringify(event) : eventLine(event, terminal.paint)}\n`);
    }
  };
  const offsets = await endOffsets(dir);
  const last = await lastEvents(dir, lines, isWanted);
  print(last);
  if (!follow) {
    if (last.length === 0) terminal.err(`no events in ${dir}\n`);
    return;
  }
  // What came between the two readings was shown already.
  const shown = new Set(last.map(({ event_id }) => event_id));
  while (await nextLook()) {
    print((await newEvents(dir, offsets, isWanted)).filter(({ event_id }) => !shown.delete(event_id)));
  }
}

function readCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Allowed is a whole number from 0.');
  return Number(text);
}
