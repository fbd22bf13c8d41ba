/** Bundles the function: one small module that is loaded at start, chunks that are loaded when first needed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import { BUNDLED_CONFIG } from '../lambda/config/bundled-config.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAMBDA_FOLDER = join(ROOT, 'lambda');
/** Always the same place below the root: the names of chunks depend on it, and equal sources make equal assets. */
const SHIM_FOLDER = join(ROOT, 'node_modules', '.cache', 'keeptrusts-builtins');

/** Needed by custom patterns alone, and large: it stays a package of its own, which require finds when asked. */
const ON_DEMAND = ['re2js'];

/** CommonJS packages inside an ES module still call require for Node's own modules. */
const REQUIRE = `import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);`;

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Writes `<entry>.mjs`, its chunks and the resolved policy configuration into the folder. */
export function bundleFunction(entry: string, config: GatewayConfig, folder: string): void {
  buildSync({
    ...COMMON,
    entryPoints: [join(LAMBDA_FOLDER, `${entry}.ts`)],
    outdir: folder,
    format: 'esm',
    splitting: true,
    // The AWS clients carry a second, CommonJS copy of themselves under `main`.
    mainFields: ['module', 'main'],
    alias: shimBuiltins(),
    external: ON_DEMAND,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: REQUIRE },
  });
  for (const name of ON_DEMAND) {
    const contents = `module.exports = require('${name}');`;
    const packageFolder = join(folder, 'node_modules', name);
    const outfile = join(packageFolder, 'index.cjs');
    buildSync({ ...COMMON, stdin: { contents, resolveDir: LAMBDA_FOLDER }, outfile });
    writeFileSync(join(packageFolder, 'package.json'), '{"main":"index.cjs"}');
  }
  writeFileSync(join(folder, BUNDLED_CONFIG), JSON.stringify(config));
}

/**
 * An ES module that imports one of Node's modules evaluates every lazy property of it: `node:http` alone so loads
 * Node's own copy of undici, 40 ms that no request needs. A CommonJS shim in between reads only what is used.
 */
function shimBuiltins(): Record<string, string> {
  const names = builtinModules.filter((name) => !name.startsWith('_') && !name.includes(':'));
  for (const name of names) {
    const file = join(SHIM_FOLDER, name, 'index.js');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `module.exports = process.getBuiltinModule('node:${name}');`);
  }
  writeFileSync(join(SHIM_FOLDER, 'package.json'), '{"type":"commonjs"}');
  const roots = names.filter((name) => !name.includes('/'));
  return {
    ...Object.fromEntries(
      roots.flatMap((name) => [name, `node:${name}`].map((alias) => [alias, join(SHIM_FOLDER, name)])),
    ),
    ...Object.fromEntries(['http', 'https'].map((name) => [name, shimWithNames(name)])),
  };
}

/**
 * What `import('http')` gives, of a CommonJS module, has no names in a bundle. OpenTelemetry's exporter alone imports
 * in that way, and without `node:`; it takes two names.
 */
function shimWithNames(name: string): string {
  const file = join(SHIM_FOLDER, name, 'named.mjs');
  const module = `process.getBuiltinModule('node:${name}')`;
  writeFileSync(
    file,
    `const all = ${module};\nexport default all;\nexport const { Agent, request } = all;\n`,
  );
  return file;
}

/** The function's code, bundled on this machine: neither Docker nor the network is needed. */
export function functionCode(entry: string, config: GatewayConfig): Code {
  return Code.fromAsset(LAMBDA_FOLDER, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the type; never pulled, because the local bundling does not decline.
      image: DockerImage.fromRegistry('scratch'),
      // Never run either: bundles of one folder that differ in nothing the CDK can print are one to it.
      command: [entry, config.hash],
      local: {
        tryBundle: (folder) => {
          bundleFunction(entry, config, folder);
          return true;
        },
      },
    },
  });
}
