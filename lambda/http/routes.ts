/** Which door a request knocks at. Paths work with and without /v1. */
import type { ApiRoute } from '../wire/wire-format.ts';

export type Route =
  | { readonly kind: 'api'; readonly route: ApiRoute; readonly path: string }
  | { readonly kind: 'models' }
  | { readonly kind: 'model'; readonly id: string }
  | { readonly kind: Info }
  | { readonly kind: 'reload' }
  | { readonly kind: 'method_not_allowed'; readonly allow: string }
  | { readonly kind: 'unknown' };

export type Info = 'health' | 'healthz' | 'readyz' | 'config' | 'provider_metrics' | 'metrics';

const API: ReadonlyMap<string, ApiRoute> = new Map([
  ['/chat/completions', 'chat'],
  ['/completions', 'completions'],
  ['/responses', 'responses'],
  ['/messages', 'messages'],
  ['/embeddings', 'embeddings'],
]);

const INFO: ReadonlyMap<string, Info> = new Map([
  ['/health', 'health'],
  ['/healthz', 'healthz'],
  ['/readyz', 'readyz'],
  ['/keeptrusts/config', 'config'],
  ['/keeptrusts/providers/metrics', 'provider_metrics'],
  ['/metrics', 'metrics'],
]);

const RELOAD = '/keeptrusts/config/reload';

/** @param url the request target as received; dots, doubled slashes and escapes are not resolved: they match nothing. */
export function routeOf(method: string, url: string): Route {
  const query = url.indexOf('?');
  const full = query === -1 ? url : url.slice(0, query);
  const path = full.startsWith('/v1/') ? full.slice(3) : full;
  const api = API.get(path);
  if (api !== undefined) {
    return method === 'POST'
      ? { kind: 'api', route: api, path: full }
      : { kind: 'method_not_allowed', allow: 'POST' };
  }
  if (path === RELOAD) {
    return method === 'POST' ? { kind: 'reload' } : { kind: 'method_not_allowed', allow: 'POST' };
  }
  const found = infoRoute(path);
  if (found.kind === 'unknown') return found;
  return method === 'GET' || method === 'HEAD' ? found : { kind: 'method_not_allowed', allow: 'GET, HEAD' };
}

function infoRoute(path: string): Route {
  const info = INFO.get(path);
  if (info !== undefined) return { kind: info };
  if (path === '/models') return { kind: 'models' };
  if (path.startsWith('/models/') && path.length > '/models/'.length) {
    // Ids are `vendor/name`: a client may send the slash as it is or escaped.
    return { kind: 'model', id: decode(path.slice('/models/'.length)) };
  }
  return { kind: 'unknown' };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
