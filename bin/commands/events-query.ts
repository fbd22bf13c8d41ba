/** `kt events query`: answers a question in SQL from a local audit folder, or from the evidence on AWS. */
import { Command, Option } from 'commander';
import { namedQueries } from '../../lib/queries/named-queries.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import {
  askEvidence,
  ATHENA_SERVICES,
  withAthena,
  type AthenaFlags,
  type AthenaServices,
} from '../events/athena-evidence.ts';
import { csvRecord } from '../events/csv.ts';
import { openLocalSql, type SqlRows } from '../events/local-sql.ts';
import { tableText } from '../events/usage-table.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface QueryOptions extends AthenaFlags {
  readonly auditDir: string;
  readonly json: boolean;
  readonly format: Format;
  readonly list: boolean;
}

type Format = 'table' | 'json' | 'csv';

const EXAMPLES = `
Examples:
  $ kt events query --list
  $ kt events query cost-per-target-per-day
  $ kt events query "select model, count(*) as requests from decisions group by model order by 2 desc"
  $ kt events query "select * from entity_findings" --json
  $ kt events query --athena --stack KeeptrustsGateway recent-blocks
  $ kt events query --athena "select verdict, count(*) as requests from events where dt = '2026-11-25' group by verdict"

Tables: events (every record, copies and starts included), decisions (each once), target_calls, entity_findings.
The same names stand in the database that the audit query stack makes for Athena. Athena bills what a question reads: a
condition on dt decides. What it read is told in the end; Ctrl-C stops the question there, too.

Exit codes: 0 answered, 1 not understood, out of reach, ended or stopped.`;

/** Makes the command. */
export function eventsQueryCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  services: AthenaServices = ATHENA_SERVICES,
): Command {
  const command = new Command('query')
    .description('ask the events in SQL, in your own words or by the name of a query')
    .argument('[question]', 'SQL (DuckDB, or Athena), or the name of a named query')
    .addOption(auditDirOption().conflicts('athena'));
  return withAthena(command)
    .addOption(
      new Option('--format <format>', 'of the output').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--json', 'the same as --format json', false)
    .option('--list', 'print the named queries and what they tell', false)
    .addHelpText('after', EXAMPLES)
    .action(async (question: string | undefined, options: QueryOptions) => {
      if (options.list) {
        terminal.out(
          namedQueries()
            .map(({ name, description }) => `${name}\n    ${description}\n`)
            .join(''),
        );
        return;
      }
      const sql = sqlOf(question);
      const format = options.json ? 'json' : options.format;
      if (options.athena) {
        await askEvidence(sql, options, terminal, services, async ({ columns, rows }) =>
          tell({ columns, rows: await allOf(rows) }, format, terminal),
        );
        return;
      }
      await withFolder(options.auditDir, async () => {
        const evidence = await openLocalSql(options.auditDir);
        try {
          tell(await evidence.ask(sql), format, terminal);
        } finally {
          evidence.close();
        }
      });
    });
}

/** Names have no spaces, and every question has one. */
function sqlOf(question: string | undefined): string {
  const known = namedQueries();
  const names = `${known.map(({ name }) => name).join(', ')}, or SQL`;
  if (question === undefined) throw new CommandFailure(1, `no question: allowed are ${names}`);
  if (/\s/.test(question.trim())) return question;
  const query = known.find(({ name }) => name === question);
  if (query === undefined) throw new CommandFailure(1, `no query ${question}: allowed are ${names}`);
  return query.sql;
}

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function tell({ columns, rows }: SqlRows, format: Format, terminal: Terminal): void {
  if (format === 'json') {
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    terminal.out(`${JSON.stringify(objects, null, 2)}\n`);
    return;
  }
  if (format === 'csv') {
    terminal.out([columns, ...rows].map(csvRecord).join(''));
    return;
  }
  terminal.out(tableText([columns, ...rows.map((row) => row.map(cellText))]));
  terminal.err(`${count(rows.length, 'row')}\n`);
}

/** Callers choose some of these texts: no escape sequence of theirs reaches the terminal. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\p{C}/gu, '\ufffd');
}
