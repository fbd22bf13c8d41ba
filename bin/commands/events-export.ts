/** `kt events export`: gives all stored events out, as JSON lines or for a spreadsheet. */
import { once } from 'node:events';
import { Command, Option } from 'commander';
import { readEvents } from '../../lambda/audit/read-events.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { csvHead, csvRecord } from '../events/csv.ts';
import { count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface ExportOptions {
  readonly auditDir: string;
  readonly format: 'jsonl' | 'csv';
}

/** Resolves when more may be written. */
export type Write = (text: string) => Promise<void>;

const EXAMPLES = `
Examples:
  $ kt events export --format jsonl > events.jsonl
  $ kt events export --format csv --audit-dir /backup/audit > events.csv`;

/** Makes the command. */
export function eventsExportCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  write: Write = writeToProcess,
): Command {
  return new Command('export')
    .description('print every stored event once')
    .addOption(new Option('--format <format>', 'of the output').choices(['jsonl', 'csv']).default('jsonl'))
    .addOption(auditDirOption())
    .addHelpText('after', EXAMPLES)
    .action(({ auditDir, format }: ExportOptions) =>
      withFolder(auditDir, async () => {
        let heads: readonly string[] | undefined;
        let events = 0;
        for await (const event of readEvents(auditDir)) {
          events++;
          if (format === 'jsonl') {
            await write(`${JSON.stringify(event)}\n`);
            continue;
          }
          if (heads === undefined) await write(csvRecord((heads = csvHead(event))));
          const cells = new Map<string, unknown>(Object.entries(event));
          await write(csvRecord(heads.map((head) => cells.get(head))));
        }
        terminal.err(`${count(events, 'event')} exported\n`);
      }),
    );
}

async function writeToProcess(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
