/** Writes a configuration and its tests into a folder. */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfigFiles } from '../config-files.ts';
import { CommandFailure, systemCode } from '../terminal.ts';
import { goldenFilesFor } from './golden-files.ts';

/** The configurations that come with the gateway; each name is that of a file. */
export const TEMPLATES = [
  'minimal',
  'shorthand',
  'streaming',
  'fallback',
  'ab-test',
  'circuit-breaker',
  'conditions',
  'other-provider',
  'tested',
] as const;

const TEMPLATE_FOLDER = join(import.meta.dirname, '../../examples');

export interface PackOptions {
  readonly dir: string;
  readonly template: string;
  /** Write over files that are there. */
  readonly force: boolean;
}

/** Gives the paths written. Throws CommandFailure 1, and writes nothing, when one is there already. */
export async function writePack({ dir, template, force }: PackOptions): Promise<readonly string[]> {
  const source = join(TEMPLATE_FOLDER, `${template}.yaml`);
  const { config } = await readConfigFiles([source]);
  const files = [
    { path: join(dir, 'policy-config.yaml'), text: await readFile(source, 'utf8') },
    ...goldenFilesFor(config).map(({ name, text }) => ({ path: join(dir, 'tests', name), text })),
  ];
  const present = force ? [] : await pathsThatExist(files.map(({ path }) => path));
  if (present.length > 0) {
    throw new CommandFailure(
      1,
      `${present.join(', ')}: there already; move it away, or write over it with --force`,
    );
  }
  try {
    await mkdir(join(dir, 'tests'), { recursive: true });
    for (const { path, text } of files) await writeFile(path, text);
  } catch (error) {
    throw new CommandFailure(1, `can not write into ${dir}: ${systemCode(error) ?? 'unknown reason'}`, {
      cause: error,
    });
  }
  return files.map(({ path }) => path);
}

async function pathsThatExist(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}
