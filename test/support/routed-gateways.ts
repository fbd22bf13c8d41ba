/** Gateways with many targets at one upstream that can be told which of them fail, and a time of day that is set. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startAimlapiUpstream, type AimlapiUpstream } from '../../bin/upstream/aimlapi-upstream.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import { aConfig, aGateway, ENTITY_FREE_CHAIN, type Answered, type TestGateway } from './a-gateway.ts';

/** What a sick target answers. */
export interface Failure {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RoutedGateways {
  /** By target id; each target's model is its id. */
  readonly failures: Map<string, Failure>;
  /** The time of day of all gateways, milliseconds since the epoch. */
  time: number;
  /** While it is set, no request is answered. */
  held: Promise<void> | undefined;
  /** Targets are written `id` or `id | further fields`; `more` goes into the `providers` block. */
  readonly open: (targets: readonly string[], more?: string) => TestGateway;
  /** The targets that the upstream heard of while `run` went on. */
  readonly calledIn: (run: () => Promise<unknown>) => Promise<readonly string[]>;
  /** Begins the requests one after the other, each when the upstream has heard of the one before. */
  readonly oneByOne: <T>(requests: readonly (() => Promise<T>)[]) => Promise<readonly Promise<T>[]>;
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One chat request. */
export function ask(gateway: TestGateway, { headers = {}, ...fields }: Ask = {}): Promise<Answered> {
  const body = { model: 'anything', messages: [{ role: 'user', content: 'hello' }], ...fields };
  return gateway.post('/v1/chat/completions', body, { headers });
}

export const targetOf = ({ headers }: Answered): string | undefined => headers['x-keeptrusts-target'];
export const variantOf = ({ headers }: Answered): string | undefined => headers['x-keeptrusts-variant'];

/** Starts the upstream before the tests of a file; before each of them nothing fails and it is noon. */
export function routedGateways(): RoutedGateways {
  const opened: TestGateway[] = [];
  const failures = new Map<string, Failure>();
  let upstream: AimlapiUpstream | undefined;
  const started = (): AimlapiUpstream => {
    if (upstream === undefined) throw new Error('the upstream starts with the first test');
    return upstream;
  };
  const world: RoutedGateways = {
    failures,
    time: 0,
    held: undefined,
    open: (targets, more) => {
      const config = aConfig(providersOf(started().url, targets, more) + ENTITY_FREE_CHAIN);
      const now = (): number => world.time;
      const { circuitBreaker: settings } = config;
      const circuits = createMemoryCircuitStore({ targets: config.targets, settings, now });
      const gateway = aGateway(config, { now, circuits });
      opened.push(gateway);
      return gateway;
    },
    calledIn: async (run) => {
      const { requests } = started();
      const before = requests.length;
      await run();
      const posts = requests.slice(before).filter(({ method }) => method === 'POST');
      return posts.map(({ body }) => /"model":"([^"]*)"/.exec(body)?.[1] ?? '');
    },
    oneByOne: async (requests) => {
      const begun: ReturnType<(typeof requests)[number]>[] = [];
      for (const request of requests) {
        const before = started().requests.length;
        begun.push(request());
        while (started().requests.length === before) await new Promise((resolve) => setImmediate(resolve));
      }
      return begun;
    },
  };
  beforeAll(async () => {
    upstream = await startAimlapiUpstream({
      reply: async ({ model }) => {
        await world.held;
        const failure = failures.get(model);
        return failure === undefined ? undefined : { raw: '{"message":"no"}', ...failure };
      },
    });
  });
  beforeEach(() => {
    failures.clear();
    world.held = undefined;
    world.time = Date.UTC(2026, 10, 1, 12);
  });
  afterAll(async () => {
    await Promise.all(opened.map((gateway) => gateway.close()));
    await upstream?.close();
  });
  return world;
}

function providersOf(url: string, targets: readonly string[], more = ''): string {
  const list = targets.map((text) => {
    const [id = '', fields] = text.split(' | ');
    const own = [`id: ${id}`, 'provider: aimlapi', `base_url: "${url}"`, `model: ${id}`];
    return `{${[...own, ...(fields === undefined ? [] : [fields])].join(', ')}}`;
  });
  const block = [`targets: [${list.join(', ')}]`, 'retry: {max_retries: 0}', ...(more === '' ? [] : [more])];
  return `providers: {${block.join(', ')}}\n`;
}
