/** What the gateway needs from outside, as AWS provides it; each client is loaded when it is first needed. */
import { randomUUID } from 'node:crypto';
import { awsDelivery } from './audit/aws-delivery.ts';
import type { CaptureSink } from './audit/capture-sink.ts';
import { openCaptureStream } from './audit/capture-stream.ts';
import { metricLines } from './audit/decision-metrics.ts';
import { digestsUnder, type Digest } from './audit/digest.ts';
import { metricLine, type MetricSet } from './audit/embedded-metrics.ts';
import { openFirehoseSink } from './audit/firehose-sink.ts';
import { openAwsTracing } from './aws-tracing.ts';
import { CAPTURE_STREAM_NAME, DIGEST_KEY, type DeployedEnvironment } from './config/environment.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Variables } from './config/local-environment.ts';
import type { Log, Services } from './services.ts';
import { cachedKeys } from './state/cached-keys.ts';
import { createDynamoDbCircuitStore } from './state/dynamodb-circuit-store.ts';
import { lazily } from './state/lazily.ts';
import { SecretsManagerSource } from './state/secrets-manager-source.ts';

export interface AwsServices {
  readonly services: Services;
  /** Resolves when a request can be served; waits for nothing that is already there. Never rejects. */
  readonly ready: () => Promise<void>;
  /** Starts what the first request will wait for: secrets, clients, the circuits' snapshot. Never rejects. */
  readonly warmUp: () => Promise<void>;
  /** Resolves when nothing that requests have left behind is still running. */
  readonly settled: () => Promise<void>;
}

export interface AwsServicesOptions {
  readonly config: GatewayConfig;
  readonly environment: DeployedEnvironment;
  /** Of the process: where OpenTelemetry's variables are found. Default: none, and nothing is traced. */
  readonly variables?: Variables;
  readonly log: Log;
  /** Takes one line of metrics, without its end. */
  readonly writeLine: (line: string) => void;
}

/** Region, credentials and endpoints come from the environment, where the AWS clients look for them. */
export function openAwsServices(options: AwsServicesOptions): AwsServices {
  const { config, environment, log, writeLine } = options;
  const now = wallClock();
  const elapsed = (): number => performance.now();
  const owner = `lambda-${randomUUID()}`;
  const reader = lazily(async () => (await import('./state/secrets-manager-client.ts')).secretReader());
  const secretSource = (secret: string, maxAgeMs?: number): SecretsManagerSource =>
    new SecretsManagerSource({
      fetchText: async () => (await reader())(secret),
      now,
      onFailure: (problem) => log('error', 'a secret could not be read', { secret, problem }),
      ...(maxAgeMs !== undefined && { maxAgeMs }),
    });
  const secrets = secretSource(environment.upstreamSecret);
  const digestKey = secretSource(environment.digestSecret, Infinity);
  const upstream = lazily(async () => (await import('./upstream/undici-call.ts')).createUndiciCall());
  const keyStore = lazily(async () => {
    const { DynamoDbKeyStore } = await import('./state/dynamodb-key-store.ts');
    return new DynamoDbKeyStore(environment.keysTable);
  });
  const circuits = createDynamoDbCircuitStore({
    tableName: environment.circuitTable,
    targets: config.targets,
    settings: config.circuitBreaker,
    now,
    elapsed,
    random: Math.random,
    owner,
    onDegraded: (isDegraded, reason) => log('warn', 'shared circuits', { isDegraded, reason }),
  });
  const delivery = awsDelivery({
    streamName: environment.auditStream,
    bucketName: environment.auditBucket,
  });
  const captures = capturesOf(options, now);
  const tracing = openAwsTracing({ variables: {}, ...options, secrets });
  const { createDigest, setKey } = digests();
  const ready = async (): Promise<void> => {
    const key = await digestKey.get({ store: DIGEST_KEY });
    if (key !== undefined) setKey(key);
    if (tracing !== undefined) await tracing.load();
  };
  return {
    services: {
      now,
      elapsed,
      random: Math.random,
      secrets,
      callUpstream: async (request) => (await upstream()).call(request),
      circuits,
      audit: openFirehoseSink({ delivery, writerId: owner, now, log }),
      ...(captures !== undefined && { captures }),
      ...(tracing !== undefined && { tracing: tracing.tracing }),
      log,
      identity: environment,
      createDigest,
      onDecision: metricLines({
        gatewayId: environment.gatewayId,
        circuits: () => circuits.views(),
        writeLine,
      }),
      keys: cachedKeys({ find: async (hash) => (await keyStore()).find(hash), now }),
    },
    ready,
    warmUp: async () => {
      await Promise.allSettled([
        ready(),
        secrets.warm(),
        keyStore(),
        upstream(),
        circuits.warmUp(),
        tracing?.load(),
      ]);
    },
    settled: async () =>
      void (await Promise.all([circuits.settled(), captures?.settled(), tracing?.flush()])),
  };
}

/** @throws Error where the policy file asks for captures and the stack has nowhere to put them. */
function capturesOf(
  { config, environment, log, writeLine }: AwsServicesOptions,
  now: () => number,
): CaptureSink | undefined {
  if (config.audit.captureRedactor === undefined) return undefined;
  const { captureStream: streamName, auditBucket: bucketName, gatewayId } = environment;
  if (streamName === undefined) {
    throw new Error(
      `the function's environment lacks ${CAPTURE_STREAM_NAME}: deploy it with the stack in lib/`,
    );
  }
  const sets: readonly MetricSet[] = [{ dimensions: [['Gateway']], metrics: { CaptureFailures: 'Count' } }];
  return openCaptureStream({
    delivery: awsDelivery({ streamName, bucketName }),
    log,
    onFailure: () =>
      writeLine(metricLine({ now: now(), sets, values: { Gateway: gatewayId, CaptureFailures: 1 } })),
  });
}

/**
 * Until the deployment's own key is there a random one serves: hashes that nobody can undo, nor compare with those
 * of other environments of the function.
 */
function digests(): { readonly createDigest: () => Digest; readonly setKey: (key: string) => void } {
  let createDigest = digestsUnder(randomUUID());
  return {
    createDigest: () => createDigest(),
    setKey: (key) => {
      createDigest = digestsUnder(key);
    },
  };
}

/** Date's clock, with the fractions of a finer one as long as both agree: a frozen environment stops only the latter. */
function wallClock(): () => number {
  let origin = performance.timeOrigin;
  return () => {
    const coarse = Date.now();
    const fine = origin + performance.now();
    if (fine >= coarse && fine < coarse + 1) return fine;
    origin = coarse - performance.now();
    return coarse;
  };
}
