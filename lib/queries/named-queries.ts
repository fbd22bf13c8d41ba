/** The named queries: each is a file beside this one, whose first comment says what it tells. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NamedQuery {
  /** The file's name without its end. */
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

const FOLDER = import.meta.dirname;

/** In the order of their names. */
export function namedQueries(): readonly NamedQuery[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(FOLDER, file), 'utf8');
      return { name: file.slice(0, -'.sql'.length), description: firstComment(sql), sql };
    });
}

function firstComment(sql: string): string {
  const lines = sql.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2).trim())
    .join(' ');
}
