/** Reads the files of a policy configuration as they are; loads no parser. */
import { readFile } from 'node:fs/promises';
import type { ConfigText } from '../lambda/config/read-yaml.ts';
import { CommandFailure, systemCode } from './terminal.ts';

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
