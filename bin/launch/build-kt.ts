/** Builds the command line: `node bin/launch/build-kt.ts ROOT` prints the folder of the build, or nothing. */
import { makeBuild } from './make-build.ts';

const [root = ''] = process.argv.slice(2);

const folder = await makeBuild({
  root,
  entries: { kt: 'bin/kt.ts', 'config-process': 'bin/gateway-run/config-process.js' },
  shapedBy: [
    'bin/launch/build-kt.ts',
    'bin/launch/make-build.ts',
    'bin/launch/esbuild-plugins.ts',
    'package-lock.json',
    'tsconfig.json',
  ],
});
process.stdout.write(folder ?? '');
