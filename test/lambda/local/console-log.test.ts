import { describe, expect, it } from 'vitest';
import { createConsoleLog, type LogLevel } from '../../../lambda/local/console-log.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

function written(level: LogLevel | undefined, ...entry: Parameters<ReturnType<typeof createConsoleLog>>) {
  const lines: string[] = [];
  const log = createConsoleLog({
    write: (line) => void lines.push(line),
    now: () => at,
    ...(level !== undefined && { level }),
  });
  log(...entry);
  return lines;
}

describe('the console log', () => {
  it('writes one JSON line for an entry, with its time', () => {
    const [line = ''] = written('info', 'warn', 'a thing\nhappened', { target: 'a', count: 2 });
    expect(line).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(line)).toEqual({
      time: '2026-01-02T03:04:05.006Z',
      level: 'warn',
      message: 'a thing\nhappened',
      target: 'a',
      count: 2,
    });
  });

  it('lets no field pose as level, time or message', () => {
    const [line = ''] = written('info', 'error', 'real', { level: 'info', message: 'false', time: 'never' });
    expect(JSON.parse(line)).toMatchObject({ level: 'error', message: 'real' });
  });

  it.each([
    ['debug', 'debug', 1],
    ['info', 'debug', 0],
    [undefined, 'debug', 0],
    [undefined, 'info', 1],
    ['error', 'warn', 0],
    ['error', 'error', 1],
  ] as const)('of level %s writes %s entries: %i', (level, entry, count) => {
    expect(written(level, entry, 'x')).toHaveLength(count);
  });
});
