/** Runs the command line with the Node that `npm ci` has brought, for those who start it with an older one. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The exit code becomes that of this process.
 * @param {string} root folder of the package
 */
export function handOver(root) {
  const ownNode = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(ownNode)) {
    process.stderr.write(`kt: needs Node 24, this is ${process.version}; run npm ci, which brings it\n`);
    process.exitCode = 1;
    return;
  }
  const [, script = '', ...args] = process.argv;
  const child = spawn(ownNode, [script, ...args], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  // A terminal sends SIGINT to both; the others are meant for the one that does the work.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
}
