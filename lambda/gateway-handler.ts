/** The function behind the Function URL: the stack's environment and the bundled policies in, the gateway out. */
import { readFileSync } from 'node:fs';
import { openAwsServices } from './aws-services.ts';
import { BUNDLED_CONFIG, parseBundledConfig } from './config/bundled-config.ts';
import { readDeployedEnvironment } from './config/environment.ts';
import { createGateway } from './gateway.ts';
import { lambdaStreamHandler } from './http/lambda-stream.ts';
import type { Log } from './services.ts';

const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);
const log: Log = (level, message, fields) => writeLine(JSON.stringify({ level, message, ...fields }));

const config = parseBundledConfig(readFileSync(new URL(BUNDLED_CONFIG, import.meta.url), 'utf8'));
const variables = process.env;
const environment = readDeployedEnvironment(variables);
const aws = openAwsServices({ config, environment, variables, log, writeLine });
const gateway = createGateway(config, aws.services);
// After the module is loaded, so that Lambda has the handler before the clients are read from disk.
setImmediate(() => void aws.warmUp());

export const handler = lambdaStreamHandler({
  gateway: async () => {
    await aws.ready();
    return gateway;
  },
  settled: aws.settled,
  now: Date.now,
  onFailure: (error) =>
    log('error', 'a request failed', {
      cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
});
