/** Tools of Python that some tests use where they are to be had: found, or installed beside this project's packages. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Python that can import the module. */
export type FoundPython = { readonly python: string } | { readonly missing: string };

/** @param module The package's name on PyPI, and of the module in it. */
export async function findPythonModule(module: string, version: string): Promise<FoundPython> {
  const folder = join('node_modules', '.cache', module);
  for (const python of ['python3', join(folder, 'bin', 'python')]) {
    const found = await run(python, ['-c', `import ${module}`]).then(
      () => true,
      () => false,
    );
    if (found) return { python };
  }
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `${module}==${version}`]);
    return { python: join(folder, 'bin', 'python') };
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
