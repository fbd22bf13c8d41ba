/** Starts a gateway on ports of this machine, from the files that describe it. */
import { AuditUnavailable } from '../../lambda/audit/sink.ts';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import type { Variables } from '../../lambda/config/local-environment.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import { createGateway } from '../../lambda/gateway.ts';
import { startNodeServer, type NodeServer } from '../../lambda/http/node-server.ts';
import { DigestKeyUnusable } from '../../lambda/local/digest-key.ts';
import { openLocalServices, type LocalServices } from '../../lambda/local/local-services.ts';
import {
  createReloadableGateway,
  type ReloadableGateway,
  type Reread,
} from '../../lambda/local/reloadable-gateway.ts';
import { warmUpPolicies } from '../../lambda/local/warm-up.ts';
import type { Log, ReloadOutcome } from '../../lambda/services.ts';
import { CommandFailure, systemCode } from '../terminal.ts';
import type { ListenAddress } from './listen-address.ts';
import { readConfigAside, type ConfigReading } from './read-config-aside.ts';

export interface StartOptions {
  readonly listen: readonly ListenAddress[];
  /** Later files win. */
  readonly policyConfig: readonly string[];
  /** The first reading of the files, where it was begun already. */
  readonly reading?: Promise<ConfigReading>;
  readonly failMode: 'block' | 'allow';
  readonly maxConcurrency: number;
  readonly auditDir: string;
  readonly keysFile?: string;
  readonly syncsAudit: boolean;
  readonly variables: Variables;
  readonly log: Log;
}

export interface StartedGateway {
  readonly config: GatewayConfig;
  readonly warnings: readonly Problem[];
  /** One for each address, in their order; without a path. */
  readonly urls: readonly string[];
  /** Resolves when nothing more is loaded or built in advance; never, when the gateway is closed before that. */
  readonly warmedUp: Promise<void>;
  /** Reads the files again; without success the running configuration stays. */
  readonly reload: () => Promise<ReloadOutcome>;
  /** Refuses new calls, waits for running ones, then gives everything back. */
  readonly close: (drainMs: number) => Promise<void>;
}

/** Throws CommandFailure: 2 for files that are not valid, 1 for anything else that this machine refuses. */
export async function startGateway(options: StartOptions): Promise<StartedGateway> {
  const reading = await (options.reading ?? readConfigAside(options.policyConfig));
  if (!reading.ok) throw new CommandFailure(reading.exitCode, reading.message);
  const { config, warnings } = reading;
  const local = await openServices(config, options);
  try {
    const gateway = createLocalGateway(config, local, options);
    const servers = await listenAll(gateway, options);
    const warmUp = warmUpSoon(config, local, options.log);
    return {
      config,
      warnings,
      urls: servers.map(({ url }) => url),
      warmedUp: warmUp.done,
      reload: () => gateway.reload(),
      close: async (drainMs) => {
        warmUp.callOff();
        gateway.drain();
        local.stopProbes();
        await Promise.all(servers.map((server) => server.close(drainMs)));
        await local.close();
      },
    };
  } catch (error) {
    await local.close();
    throw error;
  }
}

/** Whoever waited for the port calls at once, and comes first. */
const WARM_UP_AFTER_MS = 100;

/** After the port is open, so that it delays nobody's start. */
function warmUpSoon(config: GatewayConfig, local: LocalServices, log: Log): WarmUp {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    Promise.all([local.warmUp(), warmUpPolicies(config)])
      .catch((error: unknown) => {
        log('warn', 'the gateway could not be warmed up', {
          error: error instanceof Error ? error.message : String(error),
        });
      })
      .finally(resolve);
  }, WARM_UP_AFTER_MS);
  return { done, callOff: () => clearTimeout(timer) };
}

interface WarmUp {
  /** Never resolves when it is called off before it begins. */
  readonly done: Promise<void>;
  readonly callOff: () => void;
}

async function openServices(config: GatewayConfig, options: StartOptions): Promise<LocalServices> {
  try {
    return await openLocalServices(config, options);
  } catch (error) {
    if (!(error instanceof AuditUnavailable || error instanceof DigestKeyUnusable)) throw error;
    throw new CommandFailure(1, error.message, { cause: error });
  }
}

function createLocalGateway(
  config: GatewayConfig,
  local: LocalServices,
  { policyConfig, log }: StartOptions,
): ReloadableGateway {
  const gateway = createReloadableGateway({
    config,
    create: (running) => {
      const services = { ...local.servicesFor(running), reload: () => gateway.reload() };
      const created = createGateway(running, services);
      local.watchHealth(running);
      return created;
    },
    read: () => readAgain(policyConfig, log),
  });
  return gateway;
}

async function readAgain(paths: readonly string[], log: Log): Promise<Reread> {
  const reading = await readConfigAside(paths);
  if (reading.ok) {
    log('info', 'configuration read again', { config_version: reading.config.pack.version });
    return reading;
  }
  log('error', 'the configuration stays as it was', { problems: reading.lines.join(' | ') });
  return { ok: false, problems: reading.lines };
}

async function listenAll(gateway: ReloadableGateway, options: StartOptions): Promise<readonly NodeServer[]> {
  const servers: NodeServer[] = [];
  try {
    for (const { host, port } of options.listen) {
      servers.push(
        await startNodeServer(gateway, { host, port, log: options.log }).catch(refuseAddress(host, port)),
      );
    }
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.close(0)));
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another process; stop it, or choose another port with --listen',
  EACCES: 'may not be used by this user; choose a port above 1023 with --listen',
  EADDRNOTAVAIL: 'is no address of this machine; listen on 127.0.0.1, or on 0.0.0.0 for all its addresses',
  ENOTFOUND:
    'is no name that this machine can resolve; listen on 127.0.0.1, or on 0.0.0.0 for all its addresses',
};

function refuseAddress(host: string, port: number): (error: unknown) => never {
  return (error) => {
    const reason = REASONS[systemCode(error) ?? ''];
    if (reason === undefined) throw error;
    throw new CommandFailure(1, `${host}:${String(port)} ${reason}`, { cause: error });
  };
}
