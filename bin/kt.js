#!/usr/bin/env node
/**
 * Starts the command line. JavaScript, so that an older Node can read it and hand over to the Node of `npm ci`; and
 * so that Node takes what it has compiled once, stripped TypeScript included, from its cache and need not load the
 * stripper, which is a quarter of the time that the gateway takes to start.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const OWN_NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= 24) {
  nodeModule.enableCompileCache();
  const { runCommandLine } = await import('./kt.ts');
  await runCommandLine(process.argv.slice(2));
} else if (existsSync(OWN_NODE)) {
  const [, script = '', ...args] = process.argv;
  const child = spawn(OWN_NODE, [script, ...args], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  // A terminal sends SIGINT to both; the others are meant for the one that does the work.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
} else {
  process.stderr.write(`kt: needs Node 24, this is ${process.version}; run npm ci, which brings it\n`);
  process.exitCode = 1;
}
