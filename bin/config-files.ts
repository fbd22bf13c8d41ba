/** Reads the policy configuration for commands, and says in words what is wrong with it. */
import { readFile } from 'node:fs/promises';
import { loadConfig, type LoadResult } from '../lambda/config/load.ts';
import type { GatewayConfig, SecretRef } from '../lambda/config/gateway-config.ts';
import { readLocalSecret, secretVariable, type Variables } from '../lambda/config/local-environment.ts';
import type { Problem } from '../lambda/config/problem.ts';
import type { ConfigText } from '../lambda/config/read-yaml.ts';
import { formatProblem } from './commands/policy-lint.ts';
import { CommandFailure, count, systemCode } from './terminal.ts';

export const DEFAULT_CONFIG_FILE = './policy-config.yaml';

/** Collects an option that may be given again and again; for commander. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

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
  const errors = result.problems.filter(({ severity }) => severity === 'error');
  const told = result.problems.map((problem) => `${formatProblem(problem)}\n`).join('\n');
  throw new CommandFailure(
    2,
    `${paths.join(' + ')} is not valid, ${count(errors.length, 'error')}\n\n${told}`,
  );
}

/** A problem on one line, for logs. */
export function problemLine({ file, line, code, path, message, suggestion }: Problem): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const what = [code, path].filter((part) => part !== undefined && part !== '').join(' ');
  const fix = suggestion === undefined ? '' : `; ${suggestion}`;
  return `${[place, what].filter((part) => part !== '').join(' ')}: ${message}${fix}`;
}

/** A secret that is not there, and the targets that can't be called without it. */
export interface MissingSecret {
  readonly variable: string;
  readonly targets: readonly string[];
}

/** In the order of the targets. */
export function missingSecrets(config: GatewayConfig, variables: Variables): readonly MissingSecret[] {
  const isMissing = (secret: SecretRef): boolean => readLocalSecret(secret, variables) === undefined;
  const missing = config.targets.filter(({ secret }) => isMissing(secret));
  const names = [...new Set(missing.map(({ secret }) => secretVariable(secret)))];
  return names.map((variable) => ({
    variable,
    targets: missing.filter(({ secret }) => secretVariable(secret) === variable).map(({ id }) => id),
  }));
}
