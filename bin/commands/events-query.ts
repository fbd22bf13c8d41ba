/** `kt events query`: answers a question in SQL from a local audit folder. */
import { Command, Option } from 'commander';
import { namedQueries } from '../../lib/queries/named-queries.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { csvRecord } from '../events/csv.ts';
import { openLocalSql, type SqlRows } from '../events/local-sql.ts';
import { tableText } from '../events/usage-table.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface QueryOptions {
  readonly auditDir: string;
  readonly format: Format;
  readonly list: boolean;
}

type Format = 'table' | 'json' | 'csv';

const EXAMPLES = `
Examples:
  $ kt events query --list
  $ kt events query cost-per-target-per-day
  $ kt events query "select model, count(*) as requests from decisions group by model order by 2 desc"
  $ kt events query "select * from entity_findings" --format json

Tables: events (every record, copies and starts included), decisions (each once), target_calls, entity_findings.
The same names stand in the database that the audit query stack makes for Athena.`;

/** Makes the command. */
export function eventsQueryCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('query')
    .description('ask the events in SQL (DuckDB), in your own words or by the name of a query')
    .argument('[question]', 'SQL, or the name of a named query')
    .addOption(auditDirOption())
    .addOption(
      new Option('--format <format>', 'of the output').choices(['table', 'json', 'csv']).default('table'),
    )
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
      await withFolder(options.auditDir, async () => {
        const evidence = await openLocalSql(options.auditDir);
        try {
          tell(await evidence.ask(sql), options.format, terminal);
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
