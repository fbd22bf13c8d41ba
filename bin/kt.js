#!/usr/bin/env node
/** Starts the command line. JavaScript, so that an older Node can read it and hand over to the Node of `npm ci`. */
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= 24) {
  const { openProgram } = await import('./launch/open-program.js');
  const { runCommandLine } = await openProgram(ROOT);
  await runCommandLine(process.argv.slice(2));
} else {
  const { handOver } = await import('./launch/hand-over.js');
  handOver(ROOT);
}
