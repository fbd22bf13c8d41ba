/** `kt events export`: gives all stored events out, as JSON lines, for a spreadsheet or for a data lake. */
import { once } from 'node:events';
import { Command, Option } from 'commander';
import { readEvents } from '../../lambda/audit/read-events.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { csvHead, csvRecord } from '../events/csv.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface ExportOptions {
  readonly auditDir: string;
  readonly format: 'jsonl' | 'csv' | 'parquet';
  readonly output?: string;
}

/** Resolves when more may be written. */
export type Write = (text: string) => Promise<void>;

const EXAMPLES = `
Examples:
  $ kt events export --format jsonl > events.jsonl
  $ kt events export --format csv --audit-dir /backup/audit > events.csv
  $ kt events export --format parquet --output events.parquet`;

/** Makes the command. */
export function eventsExportCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  write: Write = writeToProcess,
): Command {
  return new Command('export')
    .description('print every stored event once')
    .addOption(
      new Option('--format <format>', 'of the output').choices(['jsonl', 'csv', 'parquet']).default('jsonl'),
    )
    .option('--output <file>', 'where Parquet goes; the other formats are printed')
    .addOption(auditDirOption())
    .addHelpText('after', EXAMPLES)
    .action(({ auditDir, format, output }: ExportOptions) =>
      withFolder(auditDir, async () => {
        if (format === 'parquet') return exportParquet(auditDir, output, terminal);
        if (output !== undefined) {
          throw new CommandFailure(1, `--output is for Parquet; ${format} is printed: > ${output}`);
        }
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

async function exportParquet(dir: string, output: string | undefined, terminal: Terminal): Promise<void> {
  if (output === undefined) {
    throw new CommandFailure(1, 'Parquet is not for the terminal: name a file with --output');
  }
  const { openLocalSql } = await import('../events/local-sql.ts');
  const evidence = await openLocalSql(dir);
  try {
    await evidence.writeParquet(output);
    const { rows } = await evidence.ask('select count(*) from decisions');
    terminal.err(`${count(Number(rows[0]?.[0]), 'event')} exported to ${output}\n`);
  } finally {
    evidence.close();
  }
}

async function writeToProcess(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
