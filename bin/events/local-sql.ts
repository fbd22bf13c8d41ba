/** Evidence of a folder in SQL: the table and the views that Athena has, in DuckDB, which is loaded when it is asked. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckdbType, EVENT_COLUMNS } from '../../lambda/audit/event-columns.ts';
import { evidencePaths } from '../../lambda/audit/read-events.ts';
import { VIEWS } from '../../lib/queries/views.ts';
import { CommandFailure } from '../terminal.ts';

/** What a question gave; numbers, texts, lists and objects as JSON has them. */
export interface SqlRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A folder that can be asked. */
export interface LocalSql {
  /** Throws CommandFailure with DuckDB's own words when it does not understand. */
  ask(sql: string): Promise<SqlRows>;
  /** Writes every decision once, as Parquet. */
  writeParquet(path: string): Promise<void>;
  close(): void;
}

/** Rejects when the folder can't be read, holds no evidence, or DuckDB is not installed. */
export async function openLocalSql(dir: string): Promise<LocalSql> {
  const paths = await evidencePaths(dir);
  if (paths.length === 0)
    throw new CommandFailure(1, `no events in ${dir}; name the folder with --audit-dir`);
  const connection = await connect();
  for (const statement of preparation(dir, paths)) await connection.run(statement);
  const told = async <T>(run: () => Promise<T>): Promise<T> =>
    run().catch((error: unknown) => {
      throw new CommandFailure(1, error instanceof Error ? error.message : String(error), { cause: error });
    });
  return {
    ask: (sql) =>
      told(async () => {
        const reader = await connection.runAndReadAll(sql);
        const rows = reader.getRowsJS().map((row) => row.map(plain));
        return { columns: reader.deduplicatedColumnNames(), rows };
      }),
    writeParquet: (path) =>
      told(async () => {
        await connection.run(`copy (select * from decisions) to ${quoted(path)} (format parquet)`);
      }),
    close: () => connection.closeSync(),
  };
}

async function connect(): Promise<DuckDBConnection> {
  const sdk = await import('@duckdb/node-api').catch((error: unknown) => {
    const hint = 'this command needs DuckDB, which is not installed: npm install @duckdb/node-api';
    throw new CommandFailure(1, hint, { cause: error });
  });
  return (await sdk.DuckDBInstance.create(':memory:')).connect();
}

/** Lines that are no events are passed over here: verification tells of them. */
function preparation(dir: string, paths: readonly string[]): readonly string[] {
  const ends = ['.jsonl', '.jsonl.gz'].filter((end) => paths.some((path) => path.endsWith(end)));
  const files = ends.map((end) => quoted(`${dir}/dt=*/hr=*/*${end}`)).join(', ');
  const columns = Object.entries(EVENT_COLUMNS).map(([name, type]) => `'${name}': '${duckdbType(type)}'`);
  return [
    `create view events as select * from read_json([${files}], format = 'newline_delimited',
      ignore_errors = true, columns = {${columns.join(', ')}},
      hive_partitioning = true, hive_types = {'dt': 'varchar', 'hr': 'varchar'})`,
    'create macro approx_percentile(x, share) as quantile_cont(x, share)',
    ...VIEWS.map(({ name, sql }) => `create view ${name} as ${sql.duckdb}`),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** DuckDB's integers are of 64 bits or more, its maps lists of entries. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return isEntries(items) ? fromEntries(items) : items.map(plain);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

function isEntries(items: readonly unknown[]): items is readonly Entry[] {
  const isEntry = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && Object.keys(item).join() === 'key,value';
  return items.length > 0 && items.every(isEntry);
}

function fromEntries(entries: readonly Entry[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.map(({ key, value }) => [String(key), plain(value)]));
}
