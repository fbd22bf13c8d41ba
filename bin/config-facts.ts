/** Facts about a policy configuration in words; loads no parser. */
import type { GatewayConfig, SecretRef } from '../lambda/config/gateway-config.ts';
import { readLocalSecret, secretVariable, type Variables } from '../lambda/config/local-environment.ts';
import type { Problem } from '../lambda/config/problem.ts';

export const DEFAULT_CONFIG_FILE = './policy-config.yaml';

/** Collects an option that may be given again and again; for commander. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A problem on one line, for logs. */
export function problemLine({ file, line, code, path, message, suggestion }: Problem): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const what = [code, path].filter((part) => part !== undefined && part !== '').join(' ');
  const fix = suggestion === undefined ? '' : `; ${suggestion}`;
  return `${[place, what].filter((part) => part !== '').join(' ')}: ${message}${fix}`;
}

/** One problem as a block: where, which rule, and beneath it what was seen, what is allowed, what to do. */
export function formatProblem(problem: Problem): string {
  const { file, line, severity, code, path, message, seen, allowed, suggestion } = problem;
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const head = [place, severity, code, path].filter((part) => part !== undefined && part !== '').join('  ');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['seen', seen],
    ['allowed', allowed],
    ['fix', suggestion],
  ];
  const details = rows.flatMap(([label, text]) => (text === undefined ? [] : `  ${label.padEnd(8)} ${text}`));
  return [head, `  ${message}`, ...details].join('\n');
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
