/** Reads and checks the policy configuration for commands. */
import { readFile } from 'node:fs/promises';
import { loadConfig, type LoadResult } from '../lambda/config/load.ts';
import type { Problem } from '../lambda/config/problem.ts';
import type { ConfigText } from '../lambda/config/read-yaml.ts';
import { formatProblem } from './commands/policy-lint.ts';
import { CommandFailure, count, systemCode } from './terminal.ts';

/** Reads the files; throws CommandFailure 1 that names the first one that can't be read. */
export async function readConfigTexts(paths: readonly string[]): Promise<readonly ConfigText[]> {
  return Promise.all(
    paths.map(async (path) => {
      try {
        return { path, text: await readFile(path, 'utf8') };
      } catch (error) {
        const code = systemCode(error);
        const reason = code === 'ENOENT' ? 'it is not there' : (code ?? 'unknown reason');
        const fix = 'name the file with --policy-config, or make one with kt init';
        throw new CommandFailure(1, `can not read ${path}: ${reason}; ${fix}`, { cause: error });
      }
    }),
  );
}

/** Reads and checks the files; throws CommandFailure: 1 unreadable, 2 not valid. */
export async function readConfigFiles(paths: readonly string[]): Promise<Extract<LoadResult, { ok: true }>> {
  const result = loadConfig(await readConfigTexts(paths));
  if (result.ok) return result;
  throw new CommandFailure(2, describeProblems(paths, result.problems));
}

/** Says that files are not valid, and every problem beneath it. */
export function describeProblems(paths: readonly string[], problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = problems.map((problem) => `${formatProblem(problem)}\n`).join('\n');
  return `${paths.join(' + ')} is not valid, ${count(errors.length, 'error')}\n\n${told}`;
}
