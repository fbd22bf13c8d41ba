/** `kt policy lint`: tells everything that is wrong with a policy configuration, and how to mend it. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Coverage, coverageOf } from '../../lambda/policies/coverage.ts';
import { formatProblem } from '../config-facts.ts';
import { coverageProblems, formatCoverage } from '../policy-lint/coverage-report.ts';
import { type LoadResult, loadConfig } from '../../lambda/config/load.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import type { ConfigText } from '../../lambda/config/read-yaml.ts';

/** Where the command writes, and how it says what it found: 0 valid, 1 unreadable file, 2 not valid. */
export interface LintTerminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly exit: (code: 0 | 1 | 2) => void;
}

const PROCESS: LintTerminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit: (code) => {
    process.exitCode = code;
  },
};

const DEFAULT_FILE = './policy-config.yaml';

const EXAMPLES = `
Examples:
  $ kt policy lint
  $ kt policy lint --file base.yaml --file production.yaml
  $ kt policy lint --file policy-config.yaml --json

Exit codes: 0 valid (warnings included), 1 a file cannot be read, 2 not valid.`;

/** Makes the command; it is mounted under \`kt policy\`. */
export function policyLintCommand(terminal: LintTerminal = PROCESS): Command {
  return new Command('lint')
    .description('check a policy configuration and tell every mistake with its fix')
    .option(
      '--file <path>',
      `configuration file; repeated, later files win (default: ${DEFAULT_FILE})`,
      (path: string, before: readonly string[] | undefined) => [...(before ?? []), path],
    )
    .option('--json', 'print {ok, problems} for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ file, json }: { file?: readonly string[]; json: boolean }) => {
      terminal.exit(await lint(file ?? [DEFAULT_FILE], json, terminal));
    });
}

async function lint(paths: readonly string[], json: boolean, terminal: LintTerminal): Promise<0 | 1 | 2> {
  const files: ConfigText[] = [];
  for (const path of paths) {
    try {
      files.push({ path, text: await readFile(path, 'utf8') });
    } catch (error) {
      terminal.err(
        `kt: cannot read ${path}: ${reasonOf(error)}; name the file with --file, or make one with kt init\n`,
      );
      return 1;
    }
  }
  const result = loadConfig(files);
  terminal.out(json ? formatJson(result) : formatText(result, paths));
  return result.ok ? 0 : 2;
}

/** The problems for scripts; every field that spec and schema promise, and where it stands. */
function formatJson(result: LoadResult): string {
  return `${JSON.stringify({ ok: result.ok, problems: problemsOf(result), ...coverage(result) }, null, 2)}\n`;
}

function formatText(result: LoadResult, paths: readonly string[]): string {
  const problems = problemsOf(result);
  const blocks = problems.map((problem) => `${formatProblem(problem)}\n`);
  return `${[...blocks, summary(result, problems, paths)].join('\n')}\n`;
}

function coverage(result: LoadResult): { readonly coverage?: readonly Coverage[] } {
  return result.ok ? { coverage: coverageOf(result.config.chain) } : {};
}

function summary(result: LoadResult, problems: readonly Problem[], paths: readonly string[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`;
  if (!result.ok) return `${paths.join(' + ')}: not valid, ${counts}`;
  const { pack, chain, targets, hash } = result.config;
  const contents = `${count(chain.length, 'policy', 'policies')}, ${count(targets.length, 'target')}`;
  const head = `${paths.join(' + ')}: valid, ${counts}\n${pack.name} ${pack.version}: ${contents}, hash ${hash.slice(0, 12)}`;
  return `${head}\n\n${formatCoverage(coverageOf(chain))}`;
}

function problemsOf(result: LoadResult): readonly Problem[] {
  return result.ok ? [...result.warnings, ...coverageProblems(result.config.chain)] : result.problems;
}

function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Node's own message repeats the path and the system call; the code says the same in a word. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'it is not there',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
  };
  if (typeof code === 'string') return known[code] ?? code;
  return 'unknown reason';
}
