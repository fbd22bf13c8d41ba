/** The routes that tell about the gateway itself. */
import type { GatewayReply } from '../http/gateway-request.ts';
import { availabilityOf, UNKNOWN_CIRCUIT } from '../routing/availability.ts';
import { reachability } from '../routing/health.ts';
import { targetsWithoutSecret } from './plan-for.ts';
import type { Target } from '../config/gateway-config.ts';
import { labelText } from './metrics.ts';
import type { Runtime } from './runtime.ts';

export const GATEWAY_VERSION = '0.1.0';

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): GatewayReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** GET /health. */
export async function health(runtime: Runtime): Promise<GatewayReply> {
  const { config, services, metrics, startedAt } = runtime;
  const providers = Object.fromEntries(
    config.targets.map((target) => [target.id, targetHealth(runtime, target)]),
  );
  return json(200, {
    status: overallStatus(runtime, await targetsWithoutSecret(runtime)),
    uptime_seconds: Math.floor((services.now() - startedAt) / 1000),
    version: GATEWAY_VERSION,
    pack: { name: config.pack.name, version: config.pack.version },
    policies_loaded: config.chain.length,
    requests_processed: metrics.requests,
    providers,
  });
}

function targetHealth({ services }: Runtime, target: Target) {
  const { circuit, health: probed } = services.circuits.views().get(target.id) ?? UNKNOWN_CIRCUIT;
  return {
    description: target.description ?? null,
    state: reachability(probed, services.now(), target.healthProbe.intervalMs),
    circuit: circuit.state,
    last_probe_at: probed === undefined ? null : new Date(probed.lastProbeAt).toISOString(),
    latency_ms: probed?.latencyMs ?? null,
  };
}

/** Healthy: every target can be called; degraded: some; unhealthy: none. */
function overallStatus(
  { config, services }: Runtime,
  without: ReadonlySet<string>,
): 'healthy' | 'degraded' | 'unhealthy' {
  const views = services.circuits.views();
  const now = services.now();
  const callable = config.targets.filter((target) => {
    const view = views.get(target.id);
    if (without.has(target.id)) return false;
    const isReady = availabilityOf(view, now, config.circuitBreaker).kind === 'ready';
    return isReady && reachability(view?.health, now, target.healthProbe.intervalMs) !== 'unreachable';
  });
  if (callable.length === config.targets.length) return 'healthy';
  return callable.length === 0 ? 'unhealthy' : 'degraded';
}

/** GET /readyz: whether a request could be answered. */
export async function readiness({ config, services }: Runtime): Promise<GatewayReply> {
  const missing: string[] = [];
  for (const { secret } of config.targets) {
    if ((await services.secrets.get(secret)) === undefined) {
      missing.push('env' in secret ? secret.env : secret.store);
    }
  }
  const isReady = missing.length < config.targets.length && config.pack.enabled;
  return json(isReady ? 200 : 503, { ready: isReady, missing_secrets: [...new Set(missing)] });
}

/** GET /keeptrusts/config: what runs, without secrets. */
export function runningConfig({ config }: Runtime): GatewayReply {
  return json(200, {
    pack: config.pack,
    config_hash: config.hash,
    chain: config.chain.map(({ kind, mode, streamingMode, when }) => ({
      kind,
      mode,
      streaming_mode: streamingMode,
      when: when ?? null,
    })),
    routing: config.routing.strategy,
    targets: config.targets.map(({ id, provider, model, baseUrl, description, weight }) => ({
      id,
      provider,
      model: model ?? null,
      base_url: baseUrl,
      description: description ?? null,
      weight,
    })),
    model_groups: config.modelGroups,
  });
}

/** GET /keeptrusts/providers/metrics. */
export function providerMetrics({ config, services, statistics }: Runtime): GatewayReply {
  const now = services.now();
  const views = services.circuits.views();
  const providers = config.targets.map(({ id, healthProbe }) => {
    const view = views.get(id) ?? UNKNOWN_CIRCUIT;
    const figures = statistics.figures(id, now);
    return [
      id,
      {
        requests: figures.requests,
        errors: figures.errors,
        in_flight: figures.inFlight,
        latency_ms: statistics.latency(id) ?? null,
        ttft_ms: figures.ttftMs ?? null,
        tokens_per_second: figures.tokensPerSecond ?? null,
        prompt_tokens: figures.promptTokens,
        completion_tokens: figures.completionTokens,
        cost_usd: figures.costUsd,
        state: reachability(view.health, now, healthProbe.intervalMs),
        circuit: view.circuit.state,
      },
    ] as const;
  });
  return json(200, { providers: Object.fromEntries(providers) });
}

/** GET /metrics, in Prometheus' text format. */
export function prometheus({ config, services, metrics }: Runtime): GatewayReply {
  const views = services.circuits.views();
  const now = services.now();
  const open = config.targets.map(({ id }) => {
    const { circuit } = views.get(id) ?? UNKNOWN_CIRCUIT;
    return [id, circuit.state !== 'closed'] as const;
  });
  const reachable = config.targets.flatMap(({ id, healthProbe }) => {
    const state = reachability(views.get(id)?.health, now, healthProbe.intervalMs);
    return state === 'unknown' ? [] : [[id, state === 'reachable'] as const];
  });
  const circuits = [
    ...gauge('circuit_open', "1 while a target's circuit is not closed.", open),
    ...gauge(
      'target_reachable',
      '0 while health probes of a target fail; absent while none tells.',
      reachable,
    ),
  ];
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: metrics.text(circuits),
  };
}

function gauge(
  ending: string,
  help: string,
  values: readonly (readonly [target: string, holds: boolean])[],
): readonly string[] {
  const name = `keeptrusts_gateway_${ending}`;
  const lines = values.map(([target, holds]) => `${name}{${labelText({ target })}} ${holds ? 1 : 0}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

/** GET /v1/models and /v1/models/{id}: what the configuration serves, in OpenAI's shape. */
export function models({ config, startedAt }: Runtime, id?: string): GatewayReply | undefined {
  const created = Math.floor(startedAt / 1000);
  const owners = new Map<string, string>();
  for (const { model, provider } of config.targets) if (model !== undefined) owners.set(model, provider);
  for (const { name, aliases } of config.modelGroups) {
    for (const alias of [name, ...aliases]) owners.set(alias, 'keeptrusts');
  }
  const shape = ([model, owner]: readonly [string, string]) =>
    ({ id: model, object: 'model', created, owned_by: owner }) as const;
  if (id === undefined) return json(200, { object: 'list', data: [...owners].map(shape) });
  const owner = owners.get(id);
  return owner === undefined ? undefined : json(200, shape([id, owner]));
}
