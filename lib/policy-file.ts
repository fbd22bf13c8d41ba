/** Reads the policy file at synth; what is wrong with it is said as the linter says it, and nothing is deployed. */
import { readFileSync } from 'node:fs';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import { loadConfig } from '../lambda/config/load.ts';
import type { Problem } from '../lambda/config/problem.ts';

export interface PolicyFile {
  readonly config: GatewayConfig;
  /** One line for each. */
  readonly warnings: readonly string[];
}

/** The policy file can't be deployed; the message has one line for each reason. */
export class BadPolicyFile extends Error {
  override readonly name = 'BadPolicyFile';
}

/**
 * Reads, checks and resolves.
 * @throws BadPolicyFile when it can't be read or has errors.
 */
export function readPolicyFile(path: string): PolicyFile {
  const result = loadConfig([{ path, text: readText(path) }]);
  if (result.ok) return { config: result.config, warnings: result.warnings.map(describeProblem) };
  const lines = result.problems.map(describeProblem);
  throw new BadPolicyFile([`${path} can't be deployed:`, ...lines].join('\n'));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new BadPolicyFile(
      `${path} can't be read (${code}): write one with \`npx kt init\`, or name another with -c policyConfig=PATH`,
      { cause: error },
    );
  }
}

/** Place, rule, what was seen, what is allowed and the fix, on one line. */
function describeProblem(problem: Problem): string {
  const { file, line, code, severity, path, message, seen, allowed, suggestion } = problem;
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const head = [place, severity, code, path].filter((part) => part !== undefined && part !== '').join(' ');
  const details = [
    seen && `seen: ${seen}`,
    allowed && `allowed: ${allowed}`,
    suggestion && `fix: ${suggestion}`,
  ];
  return [`${head}: ${message}`, ...details.filter((detail) => detail)].join('; ');
}
