#!/usr/bin/env node
/** The command line of the gateway. */
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: what Node has compiled once, TypeScript included, it reads back the next time.
enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv.slice(2));
