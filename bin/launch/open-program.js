/**
 * Opens the command line: from its build, which is made when there is none that fits, or else from its sources.
 * JavaScript for the reason that current-build.js gives.
 */
import { accessSync, constants } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { debuglog } from 'node:util';
import { findCurrentBuild } from './current-build.js';

/** What a build is made from: see make-build.ts. */
const OPTIONS = {
  entries: { kt: 'bin/kt.ts', 'config-process': 'bin/gateway-run/config-process.js' },
  shapedBy: [
    'bin/launch/make-build.ts',
    'bin/launch/esbuild-plugins.ts',
    'package-lock.json',
    'tsconfig.json',
  ],
};

/** `NODE_DEBUG=kt` shows what is run, and why nothing could be built. */
const debug = debuglog('kt');

/**
 * The module of the command line, with what Node has compiled of it once.
 * @param {string} root folder of the package
 * @returns {Promise<typeof import('../kt.ts')>}
 */
export async function openProgram(root) {
  const folder = findCurrentBuild(root) ?? (await tryToBuild(root));
  debug('running %s', folder ?? 'the sources');
  enableCompileCache(folder && join(folder, 'code'));
  const module = folder === undefined ? join(root, OPTIONS.entries.kt) : join(folder, 'kt.mjs');
  /** @type {unknown} */
  const program = await import(pathToFileURL(module).href);
  if (!isProgram(program)) throw new Error(`${module} is not the command line`);
  return program;
}

/**
 * @param {unknown} module
 * @returns {module is typeof import('../kt.ts')}
 */
function isProgram(module) {
  return typeof module === 'object' && module !== null && 'runCommandLine' in module;
}

/**
 * Undefined where nothing can be built: the sources run as well, they only start later.
 * @param {string} root
 */
async function tryToBuild(root) {
  try {
    // A package without its development tools, or on a disk that can't be written, says so soonest here.
    accessSync(join(root, 'node_modules', 'esbuild'));
    accessSync(join(root, 'node_modules'), constants.W_OK);
    const { makeBuild } = await import('./make-build.ts');
    return await makeBuild({ root, ...OPTIONS });
  } catch (error) {
    debug('nothing built: %s', error);
    return undefined;
  }
}
