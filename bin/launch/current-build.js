/**
 * Finds the build of the command line that fits the sources as they are. JavaScript, because it runs before anything
 * is there that could spare Node the stripping of types.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Below the root of the package; a fresh `npm ci` takes it away. */
const BUILDS = join('node_modules', '.cache', 'keeptrusts', 'kt');

/** Beside the builds: which of them is the current one, and what it was made from. */
const MANIFEST = 'current.json';

/**
 * A file that a build was made from: its path below the root, the time of its last change, its size.
 * @typedef {readonly [path: string, mtimeMs: number, size: number]} Input
 */

/**
 * @typedef {object} Manifest
 * @property {string} root the package that it was made for: node_modules may be shared by a link
 * @property {string} id name of the build's folder
 * @property {readonly Input[]} inputs
 */

/**
 * Where builds of this package lie.
 * @param {string} root
 */
export const buildsFolder = (root) => join(root, BUILDS);

/**
 * Where the manifest lies.
 * @param {string} root
 */
export const manifestFile = (root) => join(root, BUILDS, MANIFEST);

/**
 * The folder of the build, when none of its sources has changed since it was made. Looks at some 600 files, which takes
 * about 4 ms.
 * @param {string} root
 * @returns {string | undefined}
 */
export function findCurrentBuild(root) {
  const manifest = readManifest(manifestFile(root));
  if (manifest?.root !== root) return undefined;
  const folder = join(buildsFolder(root), manifest.id);
  return existsSync(folder) && manifest.inputs.every((input) => isUnchanged(root, input))
    ? folder
    : undefined;
}

/**
 * What is not there, or is no manifest, means that nothing was built yet.
 * @param {string} file
 * @returns {Manifest | undefined}
 */
function readManifest(file) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {Input} input
 */
function isUnchanged(root, [path, mtimeMs, size]) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found?.mtimeMs === mtimeMs && found.size === size;
}

/**
 * Written by makeBuild alone, and never in part.
 * @param {unknown} value
 * @returns {value is Manifest}
 */
function isManifest(value) {
  return typeof value === 'object' && value !== null && 'id' in value && 'inputs' in value;
}
