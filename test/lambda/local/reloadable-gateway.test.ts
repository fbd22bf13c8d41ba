import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../../../lambda/config/gateway-config.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import type { Gateway, GatewayRequest, RunningGateway } from '../../../lambda/http/gateway-request.ts';
import { createReloadableGateway, type Reread } from '../../../lambda/local/reloadable-gateway.ts';

function configOf(version: string): GatewayConfig {
  const text = `pack: {name: p, version: ${version}, enabled: true}
policies: {chain: [audit-logger]}
providers: {targets: [{id: a, provider: aimlapi, model: m}]}`;
  const loaded = loadConfig([{ path: 'test.yaml', text }]);
  if (!loaded.ok) throw new Error('the configuration of this test is not valid');
  return loaded.config;
}

const request: GatewayRequest = {
  method: 'POST',
  url: '/',
  headers: {},
  body: {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  },
  signal: new AbortController().signal,
};

interface FakeGateway extends RunningGateway {
  readonly version: string;
  running: number;
  isDrained: boolean;
}

function make(read: () => Promise<Reread>) {
  const made: FakeGateway[] = [];
  const gateway = createReloadableGateway({
    config: configOf('1.0.0'),
    create: ({ pack: { version } }) => {
      if (version === '6.6.6') throw new Error('a pattern is too large');
      const fake: FakeGateway = {
        version,
        running: 0,
        isDrained: false,
        handle: () => Promise.resolve({ status: 200, headers: {}, body: version }),
        drain: () => {
          fake.isDrained = true;
        },
      };
      made.push(fake);
      return fake;
    },
    read,
  });
  return { gateway, made };
}

const answerOf = async (gateway: Gateway) => (await gateway.handle(request)).body;

describe('a reloadable gateway', () => {
  it('answers by the new configuration after a reload', async () => {
    const { gateway } = make(() => Promise.resolve({ ok: true, config: configOf('2.0.0') }));
    expect(await answerOf(gateway)).toBe('1.0.0');
    expect(await gateway.reload()).toEqual({ ok: true, version: '2.0.0' });
    expect(await answerOf(gateway)).toBe('2.0.0');
  });

  it.each([
    [
      'is not valid',
      () => Promise.resolve({ ok: false, problems: ['line 3: wrong'] } as const),
      'line 3: wrong',
    ],
    ['can not be read', () => Promise.reject(new Error('ENOENT')), 'ENOENT'],
    [
      'can not be worked with',
      () => Promise.resolve({ ok: true, config: configOf('6.6.6') } as const),
      'too large',
    ],
  ])('keeps the old configuration when the new one %s', async (_name, read, reason) => {
    const { gateway } = make(read);
    const outcome = await gateway.reload();
    expect(outcome).toEqual({ ok: false, problems: [expect.stringContaining(reason) as unknown] });
    expect(await answerOf(gateway)).toBe('1.0.0');
  });

  it('counts the requests that still run under former configurations', async () => {
    const { gateway, made } = make(() => Promise.resolve({ ok: true, config: configOf('2.0.0') }));
    Object.assign(made[0] ?? {}, { running: 2 });
    await gateway.reload();
    Object.assign(made[1] ?? {}, { running: 3 });
    expect(gateway.running).toBe(5);
  });

  it('reads once for reloads that overlap, and again for the next', async () => {
    let reads = 0;
    const { gateway } = make(() => {
      reads += 1;
      return Promise.resolve({ ok: true, config: configOf('2.0.0') });
    });
    await Promise.all([gateway.reload(), gateway.reload()]);
    expect(reads).toBe(1);
    await gateway.reload();
    expect(reads).toBe(2);
  });

  it('drains what a reload brings, too', async () => {
    const { gateway, made } = make(() => Promise.resolve({ ok: true, config: configOf('2.0.0') }));
    gateway.drain();
    await gateway.reload();
    expect(made.map(({ isDrained }) => isDrained)).toEqual([true, true]);
  });
});
