/** What the gateway needs from outside, as this machine provides it. */
import { randomBytes } from 'node:crypto';
import { openFileSink } from '../audit/file-sink.ts';
import type { CircuitBreaker, GatewayConfig } from '../config/gateway-config.ts';
import { readLocalEnvironment, readLocalSecret, type Variables } from '../config/local-environment.ts';
import type { Log, Services } from '../services.ts';
import { cachedKeys } from '../state/cached-keys.ts';
import type { CircuitStore } from '../state/circuit-store.ts';
import { FileKeyStore } from '../state/file-key-store.ts';
import { createMemoryCircuitStore } from '../state/memory-circuit-store.ts';
import type { UndiciCall } from '../upstream/undici-call.ts';
import type { CallUpstream } from '../upstream/upstream-call.ts';
import { digestsUnder, readDigestKey } from './digest-key.ts';
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
  /** Loads the HTTP client, so that the first call does not wait for it. */
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
  const { variables, auditDir, log } = options;
  const now = createWallClock();
  const audit = await openFileSink({
    dir: auditDir,
    writerId: newWriterId(now()),
    retentionDays: config.audit.retentionDays,
    now,
    log,
    sync: options.syncsAudit ?? true,
  });
  const { digestKey, ...environment } = readLocalEnvironment(variables);
  const createDigest = digestsUnder(digestKey ?? (await readDigestKey(auditDir)));
  const upstream = openUpstream();
  const circuitsOf = keepCircuits(now);
  const shared = {
    now,
    elapsed: () => performance.now(),
    random: Math.random,
    secrets: { get: (ref) => readLocalSecret(ref, variables), forget: () => {} },
    callUpstream: upstream.call,
    audit,
    log,
    identity: { ...environment, failMode: options.failMode ?? 'block' },
    createDigest,
    ...keysOf(options.keysFile, now),
    ...(options.maxConcurrency !== undefined && { maxConcurrency: options.maxConcurrency }),
  } satisfies Omit<Services, 'circuits'>;
  return {
    servicesFor: (running) => ({ ...shared, circuits: circuitsOf(running) }),
    warmUp: upstream.load,
    close: async () => {
      await audit.close();
      await upstream.close();
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

function keepCircuits(now: () => number): (config: GatewayConfig) => CircuitStore {
  let kept: { readonly settings: CircuitBreaker; readonly store: CircuitStore } | undefined;
  return ({ targets, circuitBreaker: settings }) => {
    if (kept === undefined || JSON.stringify(kept.settings) !== JSON.stringify(settings)) {
      kept = { settings, store: createMemoryCircuitStore({ targets, settings, now }) };
    }
    return kept.store;
  };
}
