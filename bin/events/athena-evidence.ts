/** Evidence on AWS in SQL: the workgroup and the database of a stack, with progress, an end and typed cells. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AthenaColumn, AthenaOptions, AthenaProgress } from '../aws/ask-athena.ts';
import { awsFailure } from '../aws/aws-failure.ts';
import { CommandFailure, type Terminal } from '../terminal.ts';

/** What a command takes for Athena. */
export interface AthenaFlags {
  readonly athena: boolean;
  readonly stack: string;
  readonly timeoutSeconds: number;
}

/** What tests exchange. */
export interface AthenaServices {
  /** The value of an output of a stack. */
  readonly output: (stack: string, name: string) => Promise<string>;
  readonly client: NonNullable<AthenaOptions['client']>;
  readonly now: AthenaOptions['now'];
  readonly wait: AthenaOptions['wait'];
  /** Runs with a signal that says when the user wants no answer any more. */
  readonly interruptible: <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** The services of this process; Ctrl-C is the signal. */
export const ATHENA_SERVICES: AthenaServices = {
  output: async (stack, name) => (await import('../aws/stack-outputs.ts')).stackOutput(stack, name),
  client: {},
  now: () => performance.now(),
  wait: (delayMs, signal) => sleep(delayMs, undefined, { signal }).catch(() => undefined),
  interruptible: async (run) => {
    const control = new AbortController();
    const abort = (): void => control.abort();
    process.once('SIGINT', abort);
    try {
      return await run(control.signal);
    } finally {
      process.off('SIGINT', abort);
    }
  },
};

/** An answer, row by row. */
export interface EvidenceRows {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly unknown[]>;
  readonly scannedBytes: number;
}

/** Adds `--athena` and what belongs to it. */
export function withAthena(command: Command): Command {
  return command
    .option('--athena', 'ask the evidence on AWS: needs the stack AuditQuery, see docs/deploy.md', false)
    .option('--stack <name>', 'with --athena: the serving stack', 'KeeptrustsGateway')
    .option('--timeout-seconds <n>', 'with --athena: stop a question that takes longer', readSeconds, 600);
}

/** `--since`: with Athena it decides what is read and paid. @param otherwise What is given without it. */
export function sinceOption(otherwise: string): Option {
  const description = `only what was stored from that day on, YYYY-MM-DD (default: ${otherwise})`;
  return new Option('--since <day>', description).argParser(readDay);
}

/** Asks; progress and what was read are told on stderr. What AWS refuses is told in one line. */
export async function askEvidence<T>(
  sql: string,
  { stack, timeoutSeconds }: AthenaFlags,
  terminal: Terminal,
  services: AthenaServices,
  use: (answer: EvidenceRows) => Promise<T>,
): Promise<T> {
  try {
    const { askAthena } = await import('../aws/ask-athena.ts');
    const queries = `${stack}-AuditQuery`;
    const database = await services.output(queries, 'AuditDatabase');
    const workGroup = await services.output(queries, 'AuditWorkGroup');
    const { columns, rows, scannedBytes } = await services.interruptible((signal) =>
      askAthena(sql, {
        ...services,
        database,
        workGroup,
        signal,
        timeoutMs: timeoutSeconds * 1_000,
        onProgress: (progress) => terminal.err(progressText(progress)),
      }),
    );
    const answer = { columns: columns.map(({ name }) => name), rows: typedRows(columns, rows), scannedBytes };
    const used = await use(answer);
    terminal.err(`${sizeText(scannedBytes)} read by Athena\n`);
    return used;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const reason = awsFailure(error);
    if (reason === undefined) throw error;
    const hint = `is ${stack}-AuditQuery deployed in this region? npx cdk deploy 'AuditQuery/*'`;
    throw new CommandFailure(1, `Athena is out of reach: ${reason}; ${hint}`, { cause: error });
  }
}

async function* typedRows(
  columns: readonly AthenaColumn[],
  rows: AsyncIterable<readonly (string | null)[]>,
): AsyncGenerator<readonly unknown[]> {
  for await (const row of rows) yield row.map((cell, index) => typed(cell, columns[index]?.type ?? ''));
}

const NUMBERS = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'real', 'double', 'decimal']);

/** Athena answers in texts. Numbers that a double would change stay texts, as do lists and maps, in Trino's spelling. */
function typed(cell: string | null, type: string): unknown {
  if (cell === null) return null;
  if (type === 'boolean') return cell === 'true';
  if (!NUMBERS.has(type)) return cell;
  const number = Number(cell);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : cell;
}

function progressText({ state, elapsedMs, scannedBytes }: AthenaProgress): string {
  return `${state.toLowerCase()}, ${(elapsedMs / 1_000).toFixed(1)} s, ${sizeText(scannedBytes)} read\n`;
}

/** In decimal units, as AWS bills. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes, 0];
  while (size >= 1_000 && unit < units.length - 1) [size, unit] = [size / 1_000, unit + 1];
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit] ?? ''}`;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d{1,5}$/.test(text) || seconds < 1)
    throw new InvalidArgumentError('Allowed is a whole number from 1.');
  return seconds;
}

function readDay(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('Allowed is a day as YYYY-MM-DD.');
  }
  return text;
}
