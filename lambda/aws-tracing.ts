/** Tracing of the deployed function: spans leave before an invocation ends, and after its caller has all bytes. */
import { type DeployedEnvironment } from './config/environment.ts';
import type { Variables } from './config/local-environment.ts';
import { readTracingSettings, TRACING_HEADERS_NAME } from './config/tracing-settings.ts';
import { GATEWAY_VERSION } from './exchange/serve-info.ts';
import type { Log, SecretSource } from './services.ts';
import { openTracing, type OpenedTracing } from './tracing/open-tracing.ts';

export interface AwsTracingOptions {
  /** Of the process. */
  readonly variables: Variables;
  readonly environment: Pick<DeployedEnvironment, 'environment'>;
  /** Holds the headers of exports under the name of their variable, where they are secret. */
  readonly secrets: SecretSource;
  readonly log: Log;
}

/** The time of an invocation is paid for, and its environment serves nobody else meanwhile. */
const TIMEOUT_MS = 2_000;

/** Undefined where nobody asks for tracing. */
export function openAwsTracing({
  variables,
  environment: { environment },
  secrets,
  log,
}: AwsTracingOptions): OpenedTracing | undefined {
  return openTracing(readTracingSettings(variables), {
    scheme: 'https',
    version: GATEWAY_VERSION,
    environment,
    resource: resourceOf(variables),
    readHeaders: async () => secrets.get({ env: TRACING_HEADERS_NAME }),
    sendsOnFlush: true,
    timeoutMs: TIMEOUT_MS,
    elapsed: () => performance.now(),
    log,
  });
}

/** By the semantic conventions for FaaS and cloud resources, out of what Lambda says of itself. */
function resourceOf(variables: Variables): Record<string, string> {
  const known = {
    'cloud.region': variables['AWS_REGION'],
    'faas.name': variables['AWS_LAMBDA_FUNCTION_NAME'],
    'faas.version': variables['AWS_LAMBDA_FUNCTION_VERSION'],
    'faas.instance': variables['AWS_LAMBDA_LOG_STREAM_NAME'],
  };
  const told = Object.entries(known).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return { 'cloud.provider': 'aws', 'cloud.platform': 'aws_lambda', ...Object.fromEntries(told) };
}
