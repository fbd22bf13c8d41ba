/** What the commands over an audit folder have in common. */
import { Option } from 'commander';
import { CommandFailure, systemCode } from '../terminal.ts';

/** `--audit-dir`, the same for every command. */
export function auditDirOption(): Option {
  return new Option('--audit-dir <path>', 'the folder that the gateway writes').default('./audit');
}

/** Runs the command; a folder that can't be read is told in one line, with what to do. */
export async function withFolder<T>(dir: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new CommandFailure(
      1,
      `cannot read ${dir}: ${REASONS[code] ?? code}; name the folder with --audit-dir`,
      {
        cause: error,
      },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there, the gateway makes it when it starts',
  ENOTDIR: 'it is no folder',
  EACCES: 'permission denied',
};
