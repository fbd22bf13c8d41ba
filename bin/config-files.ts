/** Reads and checks the policy configuration for commands. */
import { loadConfig, type LoadResult } from '../lambda/config/load.ts';
import type { Problem } from '../lambda/config/problem.ts';
import { formatProblem } from './config-facts.ts';
import { readConfigTexts } from './config-texts.ts';
import { CommandFailure, count } from './terminal.ts';

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
