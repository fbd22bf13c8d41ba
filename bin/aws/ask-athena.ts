/** One question to Athena: started, waited for, read page by page, and stopped when nobody waits any more. */
import {
  AthenaClient,
  type AthenaClientConfig,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CommandFailure } from '../terminal.ts';

/** Where questions are asked. */
export interface AthenaPlace {
  readonly workGroup: string;
  readonly database: string;
}

/** How a question stands. */
export interface AthenaProgress {
  /** Athena's own word, e.g. QUEUED or RUNNING. */
  readonly state: string;
  readonly elapsedMs: number;
  readonly scannedBytes: number;
}

export interface AthenaOptions extends AthenaPlace {
  /** Default: what the SDK finds in its environment. */
  readonly client?: AthenaClientConfig;
  /** A question that takes longer is stopped. */
  readonly timeoutMs: number;
  /** Stops the question. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: AthenaProgress) => void;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal says. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** A column, with Athena's name of its type. */
export interface AthenaColumn {
  readonly name: string;
  readonly type: string;
}

export interface AthenaAnswer {
  readonly columns: readonly AthenaColumn[];
  /** As Athena writes them; null for NULL. */
  readonly rows: AsyncIterable<readonly (string | null)[]>;
  readonly scannedBytes: number;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;

/** Needs athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution. */
export async function askAthena(sql: string, options: AthenaOptions): Promise<AthenaAnswer> {
  const client = new AthenaClient(options.client ?? {});
  const { QueryExecutionId: id } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: options.workGroup,
      QueryExecutionContext: { Database: options.database },
    }),
  );
  if (id === undefined) throw new CommandFailure(1, 'Athena gave the question no id; ask again');
  const { Statistics } = await ended(client, id, options);
  const pages = rowsOf(client, id);
  const { value: head } = await pages.next();
  return { columns: head?.columns ?? [], rows: rest(head, pages), scannedBytes: bytesOf(Statistics) };
}

/** Polls, first often and then every two seconds. */
async function ended(client: AthenaClient, id: string, options: AthenaOptions): Promise<QueryExecution> {
  const { signal, now, onProgress, timeoutMs } = options;
  const begin = now();
  for (let delayMs = FIRST_WAIT_MS; ; delayMs = Math.min(delayMs * 1.5, LONGEST_WAIT_MS)) {
    const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
    const { QueryExecution: execution = {} } = await client.send(command);
    const { State: state = 'QUEUED', StateChangeReason: reason = 'no reason given' } = execution.Status ?? {};
    if (state === 'SUCCEEDED') return execution;
    if (state === 'FAILED') throw new CommandFailure(1, `Athena: ${reason}`);
    if (state === 'CANCELLED') {
      throw new CommandFailure(
        1,
        `the question was ended: ${reason}; the workgroup limits what one may read`,
      );
    }
    const elapsedMs = now() - begin;
    if (signal.aborted) return stop(client, id, 'stopped, and the question in Athena with it');
    if (elapsedMs >= timeoutMs) {
      const limit = `no answer within ${Math.round(timeoutMs / 1_000)} s`;
      return stop(client, id, `${limit}, the question was stopped; allow more with --timeout-seconds`);
    }
    onProgress({ state, elapsedMs, scannedBytes: bytesOf(execution.Statistics) });
    await options.wait(Math.min(delayMs, timeoutMs - elapsedMs), signal);
  }
}

/** Else it would run, and be paid for, to its end. */
async function stop(client: AthenaClient, id: string, message: string): Promise<never> {
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  throw new CommandFailure(1, `${message} (${id})`);
}

interface Page {
  readonly columns: readonly AthenaColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The first row of a SELECT's first page repeats the names of the columns. */
async function* rowsOf(client: AthenaClient, id: string): AsyncGenerator<Page, undefined> {
  let isFirst = true;
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
    const columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
    }));
    const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue }) => VarCharValue ?? null),
    );
    const isHead = isFirst && columns.every(({ name }, index) => rows[0]?.[index] === name);
    yield { columns, rows: isHead ? rows.slice(1) : rows };
    isFirst = false;
  }
  return undefined;
}

async function* rest(
  head: Page | undefined,
  pages: AsyncIterable<Page>,
): AsyncGenerator<readonly (string | null)[]> {
  yield* head?.rows ?? [];
  for await (const { rows } of pages) yield* rows;
}

function bytesOf(statistics: QueryExecution['Statistics']): number {
  return statistics?.DataScannedInBytes ?? 0;
}
