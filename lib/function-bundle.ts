/** Bundles the function: one small module that is loaded at start, chunks that are loaded when first needed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { BUNDLED_CONFIG } from '../lambda/config/bundled-config.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';

const LAMBDA_FOLDER = fileURLToPath(new URL('../lambda', import.meta.url));

/** CommonJS packages inside an ES module still call require for Node's own modules. */
const REQUIRE = `import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);`;

/** Writes `<entry>.mjs`, its chunks and the resolved policy configuration into the folder. */
export function bundleFunction(entry: string, config: GatewayConfig, folder: string): void {
  buildSync({
    entryPoints: [join(LAMBDA_FOLDER, `${entry}.ts`)],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The AWS clients carry a second, CommonJS copy of themselves under `main`.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: REQUIRE },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(folder, BUNDLED_CONFIG), JSON.stringify(config));
}

/** The function's code, bundled on this machine: neither Docker nor the network is needed. */
export function functionCode(entry: string, config: GatewayConfig): Code {
  return Code.fromAsset(LAMBDA_FOLDER, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the type; never pulled, because the local bundling does not decline.
      image: DockerImage.fromRegistry('scratch'),
      local: {
        tryBundle: (folder) => {
          bundleFunction(entry, config, folder);
          return true;
        },
      },
    },
  });
}
