/** Asks a local lake in SQL with DuckDB, through the same table and views that Athena has. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { duckdbType, EVENT_COLUMNS } from '../../lambda/audit/event-columns.ts';
import { VIEWS } from '../../lib/queries/views.ts';

/** Rows come as JSON. */
const PROGRAM = `
import duckdb, json, sys
connection = duckdb.connect()
for statement in json.loads(sys.argv[1]):
    result = connection.execute(statement)
names = [column[0] for column in result.description]
print(json.dumps([dict(zip(names, row)) for row in result.fetchall()], default=str))
`;

/** @param folder With `dt=…/hr=…/*.jsonl` in it. */
export async function askDuckdb(python: string, folder: string, sql: string): Promise<readonly unknown[]> {
  const columns = Object.entries(EVENT_COLUMNS).map(([name, type]) => `'${name}': '${duckdbType(type)}'`);
  const source = `read_json('${folder}/dt=*/hr=*/*.jsonl', format = 'newline_delimited', ignore_errors = true,
    columns = {${columns.join(', ')}}, hive_partitioning = true, hive_types = {'dt': 'varchar', 'hr': 'varchar'})`;
  const statements = [
    `create view events as select * from ${source}`,
    'create macro approx_percentile(x, share) as quantile_cont(x, share)',
    ...VIEWS.map(({ name, sql: words }) => `create view ${name} as ${words.duckdb}`),
    sql,
  ];
  const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, JSON.stringify(statements)]);
  return z.array(z.unknown()).parse(JSON.parse(stdout));
}
