/** Bundles the command line into few files that Node loads without stripping types: a third of the start's time. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type OutputFile, stop } from 'esbuild';
import { buildsFolder, manifestFile } from './current-build.js';
import { BUILTIN, builtinsAsNeeded, placesOfSources } from './esbuild-plugins.ts';

export interface BuildOptions {
  /** Of the package; the builds go into its node_modules. */
  readonly root: string;
  /** Module by the name of its file in the build, below the root. */
  readonly entries: Readonly<Record<string, string>>;
  /** Files besides the modules that shape the build, below the root. */
  readonly shapedBy: readonly string[];
}

/** Builds that are kept: a process loads parts of its own when it first needs them. */
const KEPT_BUILDS = 20;

/** A build takes less than a second; whoever holds the lock for so long has died. */
const LOCK_MS = 30_000;

/** The clock of a file system lags a little behind that of the process. */
const CLOCK_LAG_MS = 100;

/** Never written there: the name of a build depends on what is in it. */
const OUTPUT = 'build';

/** CommonJS packages inside an ES module still call require. */
const REQUIRE = `import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);`;

/**
 * The folder of a new build, which is the current one from now on; undefined where another process is at it, or where
 * a source changed meanwhile. Throws what esbuild and the file system throw.
 */
export async function makeBuild(options: BuildOptions): Promise<string | undefined> {
  const folder = buildsFolder(options.root);
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'lock');
  if (!takeLock(lock)) return undefined;
  try {
    const startedAt = Date.now();
    const { outputs, sources } = await bundle(options);
    const inputs = [...sources, ...options.shapedBy].map((path) => {
      const { mtimeMs, size } = statSync(join(options.root, path));
      return [path, mtimeMs, size] as const;
    });
    const isTorn = inputs.some(([, at]) => at >= startedAt - CLOCK_LAG_MS && at <= Date.now());
    if (isTorn) return undefined;
    const id = keep(folder, outputs);
    replaceFile(manifestFile(options.root), JSON.stringify({ root: options.root, id, inputs }));
    removeOld(folder);
    return join(folder, id);
  } finally {
    rmSync(lock, { recursive: true, force: true });
    // Its process would keep this one from ending.
    await stop();
  }
}

function takeLock(lock: string): boolean {
  const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (heldSince !== undefined && heldSince < Date.now() - LOCK_MS)
    rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

interface Bundle {
  readonly outputs: readonly OutputFile[];
  /** Below the root. */
  readonly sources: readonly string[];
}

async function bundle({ root, entries }: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: OUTPUT,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Loaded by few commands, and large: they stay packages of their own.
    external: [
      '@aws-sdk/*',
      '@duckdb/*',
      '@opentelemetry/*',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'esbuild',
      're2js',
    ],
    // Names stay: stack traces are read by people.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    sourceRoot: `${pathToFileURL(join(root, OUTPUT)).href}/`,
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    plugins: [builtinsAsNeeded(), placesOfSources(root)],
    logLevel: 'silent',
  });
  const isFile = (path: string): boolean => !path.startsWith(`${BUILTIN}:`);
  return { outputs: outputFiles, sources: Object.keys(metafile.inputs).filter(isFile) };
}

/** Equal contents have one name, so whoever comes second finds the build made. */
function keep(folder: string, outputs: readonly OutputFile[]): string {
  const hash = createHash('sha256');
  for (const { path, contents } of outputs) hash.update(path).update(contents);
  const id = hash.digest('hex').slice(0, 16);
  const place = join(folder, id);
  if (statSync(place, { throwIfNoEntry: false }) !== undefined) {
    utimesSync(place, new Date(), new Date());
    return id;
  }
  const draft = mkdtempSync(join(folder, 'draft-'));
  for (const { path, contents } of outputs)
    writeFileSync(join(draft, path.split(/[/\\]/).at(-1) ?? ''), contents);
  renameSync(draft, place);
  return id;
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function removeOld(folder: string): void {
  const builds = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'lock')
    .map(({ name }) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of builds.slice(KEPT_BUILDS)) rmSync(path, { recursive: true, force: true });
}
