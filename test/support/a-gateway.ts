/** A gateway for tests: the real chain, routing, relay and HTTP client, evidence kept in memory. */
import { createHmac } from 'node:crypto';
import type { AuditSink } from '../../lambda/audit/sink.ts';
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import { AuditUnavailable } from '../../lambda/audit/sink.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { createGateway } from '../../lambda/gateway.ts';
import type { GatewayReply, RunningGateway } from '../../lambda/http/gateway-request.ts';
import type { Services } from '../../lambda/services.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import { createUndiciCall } from '../../lambda/upstream/undici-call.ts';

export const ENTITY_FREE_CHAIN =
  'policies: {chain: [audit-logger]}\npolicy: {audit-logger: {retention_days: 365}}\n';

export const FOUR_POLICIES = `
policies: {chain: [prompt-injection, pii-detector, safety-filter, audit-logger]}
policy:
  prompt-injection: {threshold: 0.8, action: block}
  pii-detector: {action: redact}
  safety-filter: {mode: strict, action: block}
  audit-logger: {retention_days: 365}
`;

/** A configuration from its text, without the pack, which is the same for all. */
export function aConfig(yaml: string): GatewayConfig {
  const text = `pack: {name: test, version: 1.2.3, enabled: true}\n${yaml}`;
  const loaded = loadConfig([{ path: 'policy-config.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, undefined, 1));
  return loaded.config;
}

/** The `providers` block with targets at the given upstream. */
export function targetsAt(url: string, models: readonly string[] = ['gpt-4o'], extra = ''): string {
  const targets = models.map(
    (model, index) =>
      `{id: t${index + 1}, provider: aimlapi, model: ${JSON.stringify(model)}, base_url: ${JSON.stringify(url)}}`,
  );
  return `providers: {targets: [${targets.join(', ')}]${extra}}\n`;
}

export interface TestGateway {
  readonly gateway: RunningGateway;
  readonly config: GatewayConfig;
  readonly services: Services;
  /** All decision events so far, oldest first. */
  readonly events: DecisionEvent[];
  readonly log: string[];
  post(path: string, body: unknown, options?: PostOptions): Promise<Answered>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  close(): Promise<void>;
}

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The writes that made up the body. */
  readonly chunks: readonly string[];
  readonly json: unknown;
}

export function aGateway(config: GatewayConfig, changes: Partial<Services> = {}): TestGateway {
  const upstream = createUndiciCall();
  const events: DecisionEvent[] = [];
  const log: string[] = [];
  const services: Services = {
    now: Date.now,
    elapsed: () => performance.now(),
    random: Math.random,
    secrets: { get: () => 'upstream-key', forget: () => undefined },
    callUpstream: upstream.call,
    circuits: createMemoryCircuitStore({
      targets: config.targets,
      settings: config.circuitBreaker,
      now: Date.now,
    }),
    audit: memorySink(events),
    log: (level, message, fields) => log.push(JSON.stringify({ level, message, ...fields })),
    identity: { gatewayId: 'gw-test', environment: 'test', failMode: 'block' },
    createDigest: () => {
      const hmac = createHmac('sha256', 'test key');
      return { update: (text) => void hmac.update(text), hex: () => hmac.digest('hex') };
    },
    ...changes,
  };
  const gateway = createGateway(config, services);
  const send = async (
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Answered> => collect(await gateway.handle({ method, url, headers, body: once(body), signal }));
  return {
    gateway,
    config,
    services,
    events,
    log,
    post: (path, body, options = {}) => {
      const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', ...options.headers };
      const signal = options.signal ?? new AbortController().signal;
      return send('POST', path, headers, typeof text === 'string' ? Buffer.from(text) : text, signal);
    },
    get: (path, headers = {}) => send('GET', path, headers, new Uint8Array(), new AbortController().signal),
    close: () => upstream.destroy(),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

async function collect({ status, headers, body }: GatewayReply): Promise<Answered> {
  const chunks: string[] = [];
  if (typeof body === 'string' || body instanceof Uint8Array) chunks.push(String(body));
  else for await (const chunk of body) chunks.push(String(chunk));
  const text = chunks.join('');
  return { status, headers, text, chunks, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memorySink(events: DecisionEvent[]): AuditSink {
  return {
    append: async (event) => void events.push(event),
    close: async () => undefined,
  };
}

/** A sink whose store is out of reach. */
export const BROKEN_SINK: AuditSink = {
  append: () => Promise.reject(new AuditUnavailable('the disk is full')),
  close: async () => undefined,
};

/** The data objects of a stream, [DONE] left out. */
export function dataOf(text: string): readonly Record<string, never>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line): unknown => JSON.parse(line.slice(6)))
    .filter(isData);
}

/** The streams of the tests hold objects; the cast-free way to say that their members are the test's to know. */
function isData(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null;
}
