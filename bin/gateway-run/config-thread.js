/** Starts the thread that reads a configuration; JavaScript for the reason that bin/kt.js gives. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./config-thread.ts');
