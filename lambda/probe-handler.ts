/** The function that EventBridge starts once a minute: the stack's environment and the bundled targets in, probes out. */
import { readFileSync } from 'node:fs';
import { createProbeHandler } from './aws-probes.ts';
import { BUNDLED_CONFIG, parseBundledConfig } from './config/bundled-config.ts';
import { readProbeEnvironment } from './config/environment.ts';

export const handler = createProbeHandler({
  config: parseBundledConfig(readFileSync(new URL(BUNDLED_CONFIG, import.meta.url), 'utf8')),
  environment: readProbeEnvironment(process.env),
  log: (level, message, fields) => {
    process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
  },
});
