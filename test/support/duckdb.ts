/** Asks a lake of a test in SQL, as `kt events query` asks a folder: the table and the views that Athena has. */
import { openLocalSql } from '../../bin/events/local-sql.ts';

/** The rows, each an object by the names of its columns. @param folder With `dt=…/hr=…/*.jsonl` in it. */
export async function askDuckdb(folder: string, sql: string): Promise<readonly unknown[]> {
  const lake = await openLocalSql(folder);
  try {
    const { columns, rows } = await lake.ask(sql);
    return rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));
  } finally {
    lake.close();
  }
}
