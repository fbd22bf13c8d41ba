/** What the gateway needs from outside, as this machine provides it. */
import { randomBytes } from 'node:crypto';
import { openCaptureFiles } from '../audit/capture-files.ts';
import { digestsUnder } from '../audit/digest.ts';
import { openFileSink } from '../audit/file-sink.ts';
import { keepCheckpoints } from '../audit/keep-checkpoints.ts';
import { openLocalSigner } from '../audit/local-signer.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { readLocalEnvironment, readLocalSecret, type Variables } from '../config/local-environment.ts';
import type { Log, Services } from '../services.ts';
import { cachedKeys } from '../state/cached-keys.ts';
import { FileKeyStore } from '../state/file-key-store.ts';
import type { UndiciCall } from '../upstream/undici-call.ts';
import type { CallUpstream } from '../upstream/upstream-call.ts';
import { digestKeyId, readDigestKey } from './digest-key.ts';
import { createHealthProber } from './health-prober.ts';
import { keepCircuits } from './kept-circuits.ts';
import { openLocalTracing } from './local-tracing.ts';
import { createWallClock } from './wall-clock.ts';

export interface LocalServicesOptions {
  /** Where secrets are found, and who the gateway is. */
  readonly variables: Variables;
  /** Made if it is not there. */
  readonly auditDir: string;
  readonly log: Log;
  /** Default block. */
  readonly failMode?: 'block' | 'allow';
  /** Requests at once. Default: no limit. */
  readonly maxConcurrency?: number;
  /** Gateway keys; absent, the gateway is open. */
  readonly keysFile?: string;
  /** Default true. False leaves it to the system when events reach the disk: for measurements only. */
  readonly syncsAudit?: boolean;
}

/** Services that several configurations, one after the other, can share. */
export interface LocalServices {
  /** The circuits of targets outlast a change of the configuration unless the breaker's own settings change. */
  readonly servicesFor: (config: GatewayConfig) => Services;
  /** Probes the targets of this configuration from now on, and those of no other one. */
  readonly watchHealth: (config: GatewayConfig) => void;
  /** Ends all probing for good. */
  readonly stopProbes: () => void;
  /** Loads the HTTP client and what others know of the targets, so that the first call does not wait for it. */
  readonly warmUp: () => Promise<void>;
  /** Resolves when every event is stored and every connection closed. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the audit folder and starts nothing else; connections are made when they are needed.
 * Rejects with AuditUnavailable or DigestKeyUnusable.
 */
export async function openLocalServices(
  config: GatewayConfig,
  options: LocalServicesOptions,
): Promise<LocalServices> {
  const { auditDir, log } = options;
  // Each look into the process's own is a call of the system, and every request asks for a secret.
  const variables = { ...options.variables };
  const now = createWallClock();
  const writerId = newWriterId(now());
  const signer = () => openLocalSigner(auditDir);
  const audit = await openFileSink({
    dir: auditDir,
    writerId,
    retentionDays: config.audit.retentionDays,
    captureRetentionDays: config.audit.captureRetentionDays,
    now,
    log,
    signer,
    sync: options.syncsAudit ?? true,
  });
  const { digestKey, ...environment } = readLocalEnvironment(variables);
  const key = digestKey ?? (await readDigestKey(auditDir));
  const createDigest = digestsUnder(key);
  const captures = openCaptureFiles({ auditDir, writerId, digestKey: key, now, log });
  const digestKeyName = digestKeyId(createDigest);
  const endCheckpoints = keepCheckpoints({ dir: auditDir, signer, now, log, digestKey: digestKeyName });
  const upstream = openUpstream();
  const clocks = { now, elapsed: () => performance.now(), random: Math.random };
  const circuits = keepCircuits({ ...clocks, log, owner: writerId });
  const prober = createHealthProber();
  const tracing = await openLocalTracing({ ...environment, ...clocks, variables, log });
  const shared = {
    ...clocks,
    secrets: { get: (ref) => readLocalSecret(ref, variables), forget: () => {} },
    callUpstream: upstream.call,
    audit,
    log,
    identity: { ...environment, failMode: options.failMode ?? 'block' },
    createDigest,
    ...keysOf(options.keysFile, now),
    ...(tracing !== undefined && { tracing: tracing.tracing }),
    ...(options.maxConcurrency !== undefined && { maxConcurrency: options.maxConcurrency }),
  } satisfies Omit<Services, 'circuits'>;
  const servicesFor = (running: GatewayConfig): Services => ({
    ...shared,
    circuits: circuits.storeFor(running),
    ...(running.audit.captureRedactor !== undefined && { captures }),
  });
  return {
    servicesFor,
    watchHealth: (running) => prober.watch(running.targets, servicesFor(running)),
    stopProbes: () => prober.stop(),
    warmUp: async () => {
      await Promise.all([upstream.load(), circuits.warmUp()]);
    },
    close: async () => {
      prober.stop();
      await audit.close();
      await Promise.all([
        endCheckpoints(),
        upstream.close(),
        circuits.settled(),
        captures.settled(),
        tracing?.close(),
      ]);
    },
  };
}

/** The HTTP client is loaded with the first call, or before it by `load`: it takes a fifth of the start. */
function openUpstream(): {
  readonly call: CallUpstream;
  readonly load: () => Promise<void>;
  readonly close: () => Promise<void>;
} {
  let loading: Promise<UndiciCall> | undefined;
  let loaded: UndiciCall | undefined;
  const load = async (): Promise<UndiciCall> => {
    loading ??= import('../upstream/undici-call.ts').then(({ createUndiciCall }) => createUndiciCall());
    loaded = await loading;
    return loaded;
  };
  return {
    call: async (request) => (loaded ?? (await load())).call(request),
    load: async () => {
      await load();
    },
    close: async () => {
      await (await loading)?.destroy();
    },
  };
}

/** Sorts by time; the random part parts writers that start in the same millisecond. */
function newWriterId(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:.]/g, '');
  return `local-${time}-${randomBytes(4).toString('hex')}`;
}

function keysOf(path: string | undefined, now: () => number): Pick<Services, 'keys'> {
  if (path === undefined) return {};
  const store = new FileKeyStore(path);
  return { keys: cachedKeys({ find: (hash) => store.find(hash), now }) };
}
