/** `kt events cost`: requests, tokens and cost, added up by target, model, team or day. */
import { Command, Option } from 'commander';
import { readEvents } from '../../lambda/audit/read-events.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { addUp, GROUPINGS, tableText, type Grouping, type Usage } from '../events/usage-table.ts';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface CostOptions {
  readonly auditDir: string;
  readonly by: Grouping;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt events cost --by team
  $ kt events cost --by day --json`;

/** Makes the command. */
export function eventsCostCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('cost')
    .description('add up requests, tokens and cost')
    .addOption(
      new Option('--by <what>', 'what to add up by').choices(Object.keys(GROUPINGS)).default('target'),
    )
    .addOption(auditDirOption())
    .option('--json', 'print the sums for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(({ auditDir, by, json }: CostOptions) =>
      withFolder(auditDir, async () => {
        const sums = await addUp(readEvents(auditDir), by);
        terminal.out(json ? `${JSON.stringify(sums, null, 2)}\n` : describe(sums, by));
      }),
    );
}

function describe(sums: readonly Usage[], by: Grouping): string {
  const heads = [by, 'requests', 'input', 'output', 'cached', 'reasoning', 'cost in USD'];
  const rows = sums.map((usage) => [
    (usage.group ?? `(no ${by})`).replaceAll(/\p{C}/gu, '\ufffd'),
    ...[
      usage.requests,
      usage.input_tokens,
      usage.output_tokens,
      usage.cached_tokens,
      usage.reasoning_tokens,
    ].map(String),
    usage.cost_usd.toFixed(6),
  ]);
  return tableText([heads, ...rows]);
}
