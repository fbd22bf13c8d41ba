/** Finds cfn-lint, or installs it beside the packages of this project; undefined where that can't be. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FOLDER = join('node_modules', '.cache', 'cfn-lint');
const VERSION = '1.58.0';

/** The command, or why there is none. */
export async function findCfnLint(): Promise<{ readonly command: string } | { readonly missing: string }> {
  for (const command of ['cfn-lint', join(FOLDER, 'bin', 'cfn-lint')]) {
    const found = await run(command, ['--version']).then(
      () => true,
      () => false,
    );
    if (found) return { command };
  }
  try {
    await run('python3', ['-m', 'venv', FOLDER]);
    await run(join(FOLDER, 'bin', 'pip'), ['install', '--quiet', `cfn-lint==${VERSION}`]);
    return { command: join(FOLDER, 'bin', 'cfn-lint') };
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/** What it objects to; empty when it is content. */
export async function cfnLint(command: string, templateFile: string): Promise<string> {
  // W3005: the CDK writes dependencies on roles although the reference to them implies one.
  const args = ['--ignore-checks', 'W3005', '--template', templateFile];
  return run(command, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)),
  );
}
