/** One execution environment: the deployed bundle in a process of AWS's own runtime client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InvocationResponse, startRuntimeApi } from './runtime-api.ts';

const CLIENT = join(
  dirname(createRequire(import.meta.url).resolve('aws-lambda-ric/package.json')),
  'index.mjs',
);

export interface FunctionProcess {
  /** Milliseconds from the start of the process to its first request for an event. */
  readonly initMs: number;
  readonly invoke: (event: unknown, timeoutMs: number) => Promise<InvocationResponse>;
  /** What it has written so far to standard output and standard error. */
  log(): string;
  stop(): Promise<void>;
}

export interface FunctionProcessOptions {
  /** The folder of the function's asset. */
  readonly folder: string;
  /** `module.export`, as in the template. Default `gateway-handler.handler`. */
  readonly handler?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the client's native part serves. Default: where it was built. */
  readonly isNative?: boolean;
}

/** Whether the install script of AWS's runtime client was allowed to build its native part. */
export const HAS_NATIVE_PART = existsSync(join(dirname(CLIENT), 'rapid-client.node'));

const STAND_IN = fileURLToPath(new URL('rapid-client.ts', import.meta.url));

/** Resolves when the function is initialised; rejects with its log when it can't be. */
export async function startFunctionProcess(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const { folder, handler = 'gateway-handler.handler', environment = {} } = options;
  const api = await startRuntimeApi();
  const isNative = options.isNative ?? HAS_NATIVE_PART;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...(isNative ? [] : ['--import', STAND_IN]), CLIENT], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'gateway',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_LOG_GROUP_NAME: 'gateway',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      ...environment,
    },
  });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await api.close();
  };
  const exit = once(child, 'exit').then(() => {
    throw new Error('the process ended before it was initialised');
  });
  try {
    await Promise.race([api.initialised, exit]);
  } catch (error) {
    await stop();
    throw new Error(`the function did not start:\n${log}`, { cause: error });
  }
  exit.catch(() => undefined);
  return {
    initMs: performance.now() - startedAt,
    invoke: (event, timeoutMs) => api.invoke(event, timeoutMs),
    log: () => log,
    stop,
  };
}
