/** The log of a gateway on this machine: one JSON line for each entry. */
import type { Log } from '../services.ts';

export type LogLevel = Parameters<Log>[0];

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface ConsoleLogOptions {
  /** Gets a whole line, its newline included. */
  readonly write: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The lowest level that is written. Default info. */
  readonly level?: LogLevel;
}

/** Fields of an entry never replace its time, level or message. */
export function createConsoleLog({ write, now, level: lowest = 'info' }: ConsoleLogOptions): Log {
  return (level, message, fields = {}) => {
    if (RANK[level] < RANK[lowest]) return;
    const time = new Date(now()).toISOString();
    write(`${JSON.stringify({ ...fields, time, level, message })}\n`);
  };
}
