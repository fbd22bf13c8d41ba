/**
 * Opens the command line: from its build, which is made when there is none that fits, or else from its sources.
 * JavaScript for the reason that current-build.js gives.
 */
import { accessSync, constants } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { debuglog } from 'node:util';
import { findCurrentBuild } from './current-build.js';

const BUILD = fileURLToPath(new URL('build-kt.ts', import.meta.url));

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
  const module = folder === undefined ? join(root, 'bin', 'kt.ts') : join(folder, 'kt.mjs');
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
    const { execFileSync } = await import('node:child_process');
    // In a process of its own, so that its memory is not that of a gateway for weeks.
    return execFileSync(process.execPath, [BUILD, root], { encoding: 'utf8', stdio: 'pipe' }) || undefined;
  } catch (error) {
    debug('nothing built: %s', error);
    return undefined;
  }
}
