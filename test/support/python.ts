/** A Python with packages from PyPI, where both are at hand. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Path of a Python that has the packages, or why there is none. Kept under node_modules/.cache for the next run. */
export async function pythonWith(
  name: string,
  packages: readonly string[],
): Promise<{ readonly python: string } | { readonly missing: string }> {
  const folder = resolve('node_modules/.cache/python', name);
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, 'ready');
  if (existsSync(marker)) return { python };
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch {
    return { missing: 'python3 with venv is not on this machine' };
  }
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
      timeout: 240_000,
    });
    await run(python, ['-c', `open(${JSON.stringify(marker)}, 'w').close()`]);
    return { python };
  } catch {
    return { missing: `PyPI gave no ${packages.join(', ')}` };
  }
}
