/** `kt events export`: gives all stored events out, as JSON lines, for a spreadsheet or for a data lake. */
import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import { evidencePaths, readEvents } from '../../lambda/audit/read-events.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import {
  askEvidence,
  ATHENA_SERVICES,
  sinceOption,
  withAthena,
  type AthenaFlags,
  type AthenaServices,
} from '../events/athena-evidence.ts';
import { csvHead, csvRecord } from '../events/csv.ts';
import { decisionsSql, eventOfRow } from '../events/event-sql.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface ExportOptions extends AthenaFlags {
  readonly since?: string;
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
  $ kt events export --format parquet --output events.parquet
  $ kt events export --athena --since 2026-11-01 --format csv > events.csv

From AWS every event since a day; a large lake needs --since, because a question that would read more than the limit of
its workgroup is ended.`;

/** Makes the command. */
export function eventsExportCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  write: Write = writeToProcess,
  services: AthenaServices = ATHENA_SERVICES,
): Command {
  const command = new Command('export')
    .description('print every stored event once')
    .addOption(
      new Option('--format <format>', 'of the output').choices(['jsonl', 'csv', 'parquet']).default('jsonl'),
    )
    .option('--output <file>', 'where Parquet goes; the other formats are printed')
    .addOption(auditDirOption().conflicts('athena'));
  return withAthena(command)
    .addOption(sinceOption('all of them'))
    .addHelpText('after', EXAMPLES)
    .action((options: ExportOptions) => {
      const { auditDir, format, output, since } = options;
      if (format === 'parquet' && since !== undefined) {
        throw new CommandFailure(1, '--since is for jsonl and csv; Parquet holds the whole folder');
      }
      if (format !== 'parquet' && output !== undefined) {
        throw new CommandFailure(1, `--output is for Parquet; ${format} is printed: > ${output}`);
      }
      if (!options.athena) {
        return withFolder(auditDir, async () =>
          format === 'parquet'
            ? exportParquet(auditDir, output, terminal)
            : exportText(readEvents(auditDir, await evidencePaths(auditDir, since)), format, write, terminal),
        );
      }
      if (format === 'parquet') {
        throw new CommandFailure(1, 'Parquet is written from a folder; --athena exports jsonl or csv');
      }
      const sql = decisionsSql(since === undefined ? {} : { since });
      return askEvidence(sql, options, terminal, services, ({ columns, rows }) =>
        exportText(eventsOf(columns, rows), format, write, terminal),
      );
    });
}

async function exportText(
  events: AsyncIterable<ChainedEvent>,
  format: 'jsonl' | 'csv',
  write: Write,
  terminal: Terminal,
): Promise<void> {
  let heads: readonly string[] | undefined;
  let exported = 0;
  for await (const event of events) {
    exported++;
    if (format === 'jsonl') {
      await write(`${JSON.stringify(event)}\n`);
      continue;
    }
    if (heads === undefined) await write(csvRecord((heads = csvHead(event))));
    const cells = new Map<string, unknown>(Object.entries(event));
    await write(csvRecord(heads.map((head) => cells.get(head))));
  }
  terminal.err(`${count(exported, 'event')} exported\n`);
}

async function* eventsOf(
  columns: readonly string[],
  rows: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<ChainedEvent> {
  for await (const row of rows) {
    const event = eventOfRow(columns, row);
    if (event !== undefined) yield event;
  }
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
