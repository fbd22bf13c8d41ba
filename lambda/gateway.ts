/** The gateway: one request in, one reply out, the same for every front. */
import type { GatewayConfig } from './config/gateway-config.ts';
import { checkKey } from './exchange/check-key.ts';
import { defectProblem } from './exchange/defect.ts';
import { createRuntime } from './exchange/runtime.ts';
import type { Runtime } from './exchange/runtime.ts';
import { serveApi } from './exchange/serve-api.ts';
import {
  health,
  json,
  models,
  prometheus,
  providerMetrics,
  readiness,
  runningConfig,
} from './exchange/serve-info.ts';
import { newUlid } from './audit/event-id.ts';
import { readCaller } from './http/caller.ts';
import type { GatewayReply, GatewayRequest, RunningGateway } from './http/gateway-request.ts';
import { problem, problemBody, ProblemError, problemHeaders } from './http/problem.ts';
import type { Problem } from './http/problem.ts';
import { routeOf } from './http/routes.ts';
import type { Info, Route } from './http/routes.ts';
import type { Services } from './services.ts';
import { formatOf } from './wire/formats.ts';

/** The policies are built here, so that a setting they can't work with is known before the first request. */
export function createGateway(config: GatewayConfig, services: Services): RunningGateway {
  const runtime = createRuntime(config, services);
  let running = 0;
  let isDraining = false;
  const refusal = (): Problem | undefined => {
    if (isDraining) return problem('overloaded', 'the gateway is shutting down', { retryAfterMs: 5000 });
    const limit = services.maxConcurrency ?? Number.POSITIVE_INFINITY;
    if (running < limit) return undefined;
    const message = `${limit} requests are running, which is the limit (--max-concurrency)`;
    return problem('overloaded', message, { retryAfterMs: 1000 });
  };
  return {
    async handle(request) {
      const route = routeOf(request.method, request.url);
      if (route.kind !== 'api') return serveOther(runtime, request, route, isDraining);
      const call = { format: formatOf(route.route), path: route.path, refusal: refusal() };
      running += 1;
      return serveApi(runtime, request, call, () => {
        running -= 1;
      });
    },
    drain() {
      isDraining = true;
    },
    get running() {
      return running;
    },
  };
}

async function serveOther(
  runtime: Runtime,
  request: GatewayRequest,
  route: Exclude<Route, { kind: 'api' }>,
  isDraining: boolean,
): Promise<GatewayReply> {
  const { services } = runtime;
  const caller = readCaller(request.headers, () => `req_${newUlid(services.now(), services.random)}`);
  const refuse = (failure: Problem, headers: Readonly<Record<string, string>> = {}): GatewayReply => ({
    status: failure.status,
    headers: { ...problemHeaders(failure), ...headers },
    body: problemBody(failure, undefined, caller.requestId),
  });
  const answered = await answer(runtime, caller.presentedKey, route, refuse).catch((cause: unknown) => {
    if (cause instanceof ProblemError) return refuse(cause.problem);
    return refuse(defectProblem(services, { request_id: caller.requestId }, cause));
  });
  const isLeaving = isDraining && route.kind === 'readyz' && answered.status === 200;
  const reply = isLeaving ? json(503, { ready: false, reason: 'the gateway is shutting down' }) : answered;
  const body = request.method === 'HEAD' ? '' : reply.body;
  return { ...reply, body, headers: { ...reply.headers, 'x-request-id': caller.requestId } };
}

const NO_SUCH_ROUTE =
  'no such route; POST /v1/chat/completions, /v1/responses, /v1/messages, /v1/completions and /v1/embeddings, ' +
  'GET /v1/models, /health, /healthz, /readyz and /metrics exist';

type Refuse = (failure: Problem, headers?: Readonly<Record<string, string>>) => GatewayReply;

async function answer(
  runtime: Runtime,
  presented: string | undefined,
  route: Exclude<Route, { kind: 'api' }>,
  refuse: Refuse,
): Promise<GatewayReply> {
  if (route.kind === 'healthz') return json(200, { status: 'ok' });
  await admit(runtime, presented, route);
  switch (route.kind) {
    case 'method_not_allowed':
      return refuse(problem('method_not_allowed', `this path takes ${route.allow}`), { allow: route.allow });
    case 'unknown':
      return refuse(problem('unknown_route', NO_SUCH_ROUTE));
    case 'models':
    case 'model': {
      const id = route.kind === 'model' ? route.id : undefined;
      const message = 'no such model in this configuration; GET /v1/models lists them';
      return models(runtime, id) ?? refuse(problem('model_not_found', message, { param: 'model' }));
    }
    case 'reload':
      return reload(runtime, refuse);
    case 'health':
    case 'readyz':
    case 'config':
    case 'provider_metrics':
    case 'metrics':
      return INFO[route.kind](runtime);
  }
}

const INFO: Readonly<
  Record<Exclude<Info, 'healthz'>, (runtime: Runtime) => GatewayReply | Promise<GatewayReply>>
> = {
  health,
  readyz: readiness,
  config: runningConfig,
  provider_metrics: providerMetrics,
  metrics: prometheus,
};

const ADMIN: ReadonlySet<string> = new Set(['config', 'provider_metrics', 'metrics', 'reload']);

/** Throws ProblemError for whom the route is not open. */
async function admit({ services }: Runtime, presented: string | undefined, { kind }: Route): Promise<void> {
  const key = await checkKey(services, presented);
  if (key !== undefined && ADMIN.has(kind) && key.role !== 'admin') {
    throw new ProblemError(
      problem('admin_role_required', 'this route needs a gateway key with the admin role'),
    );
  }
}

/** What stands before the name of a configuration file: where it lies is nobody's business who asks over HTTP. */
const FOLDERS = /(?<![^\s"'`])[^\s"'`]*[/\\](?=[^\s/\\]*\.(?:ya?ml|json)\b)/g;

async function reload({ services }: Runtime, refuse: Refuse): Promise<GatewayReply> {
  if (services.reload === undefined) {
    return refuse(problem('unknown_route', 'the configuration can be reloaded in the local run only'));
  }
  const outcome = await services.reload();
  if (outcome.ok) return json(200, { reloaded: true, config_version: outcome.version });
  const problems = outcome.problems.join('; ').slice(0, 4000).replaceAll(FOLDERS, '');
  const message = `the file is not valid, the running configuration stays: ${problems}`;
  return refuse(problem('invalid_request', message));
}
