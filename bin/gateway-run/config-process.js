/** Starts the process that checks a configuration, with what Node has compiled of it once; see bin/launch. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const isBuilt = import.meta.url.endsWith('.mjs');
enableCompileCache(isBuilt ? fileURLToPath(new URL('code', import.meta.url)) : undefined);
await import('./check-config-texts.ts');
