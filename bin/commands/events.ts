/** `kt events`: reads, checks and adds up the evidence of a local audit folder. */
import { Command } from 'commander';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';
import { eventsCapturesCommand } from './events-captures.ts';
import { eventsCheckpointCommand } from './events-checkpoint.ts';
import { eventsCompareCommand } from './events-compare.ts';
import { eventsCostCommand } from './events-cost.ts';
import { eventsExportCommand } from './events-export.ts';
import { eventsQueryCommand } from './events-query.ts';
import { eventsTailCommand } from './events-tail.ts';
import { eventsVerifyCommand } from './events-verify.ts';

const EXAMPLES = `
Examples:
  $ kt events tail --follow
  $ kt events tail --verdict block --verdict error --json
  $ kt events verify --audit-dir /var/lib/keeptrusts/audit
  $ kt events export --format csv > events.csv
  $ kt events cost --by team
  $ kt events compare --by variant
  $ kt events query recent-blocks
  $ kt events checkpoint`;

/** Makes the command with its subcommands. */
export function eventsCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('events')
    .description('read, check and add up the decision events of an audit folder')
    .addCommand(eventsTailCommand(terminal))
    .addCommand(eventsVerifyCommand(terminal))
    .addCommand(eventsCheckpointCommand(terminal))
    .addCommand(eventsExportCommand(terminal))
    .addCommand(eventsCostCommand(terminal))
    .addCommand(eventsQueryCommand(terminal))
    .addCommand(eventsCompareCommand(terminal))
    .addCommand(eventsCapturesCommand(terminal))
    .addHelpText('after', EXAMPLES);
}
