/** A gateway whose configuration can be exchanged while it runs: requests keep the one they began with. */
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { RunningGateway } from '../http/gateway-request.ts';
import type { ReloadOutcome } from '../services.ts';

/** What reading the configuration again gave. */
export type Reread =
  | { readonly ok: true; readonly config: GatewayConfig }
  /** One line for each mistake. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface ReloadableGatewayOptions {
  readonly config: GatewayConfig;
  /** Makes a gateway that hands out `reload` as its service; may throw when it can't work with the configuration. */
  readonly create: (config: GatewayConfig, reload: () => Promise<ReloadOutcome>) => RunningGateway;
  readonly read: () => Promise<Reread>;
}

export interface ReloadableGateway extends RunningGateway {
  /** Never rejects; without success the running configuration stays. Calls that overlap share one reading. */
  reload(): Promise<ReloadOutcome>;
}

/** Throws what `create` throws for the first configuration. */
export function createReloadableGateway(options: ReloadableGatewayOptions): ReloadableGateway {
  const { create, read } = options;
  /** Gateways that still have requests, the newest last: the only one that gets new ones. */
  let former: readonly RunningGateway[] = [];
  let isDraining = false;
  let underWay: Promise<ReloadOutcome> | undefined;

  const exchange = async (): Promise<ReloadOutcome> => {
    const reread = await read();
    if (!reread.ok) return reread;
    const next = create(reread.config, reload);
    if (isDraining) next.drain();
    former = [...former, current].filter(({ running }) => running > 0);
    current = next;
    return { ok: true, version: reread.config.pack.version };
  };
  const reload = (): Promise<ReloadOutcome> => {
    underWay ??= exchange()
      .catch((error: unknown): ReloadOutcome => {
        const reason = error instanceof Error ? error.message : String(error);
        return { ok: false, problems: [`the configuration can not be used: ${reason}`] };
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  let current = create(options.config, reload);

  return {
    handle: (request) => current.handle(request),
    drain: () => {
      isDraining = true;
      current.drain();
    },
    get running() {
      return former.reduce((sum, { running }) => sum + running, current.running);
    },
    reload,
  };
}
