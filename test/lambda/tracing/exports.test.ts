/** How spans are sent, as the standard variables say, and what happens when nobody takes them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AimlapiUpstream, startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { startCollector, type Collector } from '../../support/a-collector.ts';
import { aConfig, ENTITY_FREE_CHAIN, targetsAt } from '../../support/a-gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../upstream/certificate.ts';
import { aTracedGateway, type TracedGatewayOptions } from '../../support/a-traced-gateway.ts';

let upstream: AimlapiUpstream;
let collector: Collector;
beforeAll(async () => {
  upstream = await startAimlapiUpstream();
});
beforeEach(async () => {
  collector = await startCollector();
  return () => collector.close();
});
afterAll(() => upstream.close());

const ASK = { model: 'gpt-4o', messages: [{ role: 'user', content: 'say: hello' }] };

async function gatewayWith(options: Partial<TracedGatewayOptions> = {}) {
  const gateway = await aTracedGateway(aConfig(`${targetsAt(upstream.url)}${ENTITY_FREE_CHAIN}`), {
    ...options,
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...options.variables },
  });
  onTestFinished(() => gateway.close());
  const send = async (): Promise<number> => (await gateway.post('/v1/chat/completions', ASK)).status;
  return { ...gateway, send };
}

const lossesIn = (log: readonly string[]): readonly string[] =>
  log.filter((line) => line.includes('spans could not be sent'));

describe('an export', () => {
  it.each([
    ['by protocol buffers, unless asked otherwise', undefined, 'application/x-protobuf'],
    ['by protocol buffers', 'http/protobuf', 'application/x-protobuf'],
    ['in JSON', 'http/json', 'application/json'],
  ])('goes %s', async (_case, protocol, type) => {
    const gateway = await gatewayWith({ variables: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol } });
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.exports.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
      ['/v1/traces', type],
    ]);
    expect(collector.spans().map(({ name }) => name)).toEqual(['POST /v1/chat/completions', 'chat gpt-4o']);
  });

  it('carries the headers that are asked for', async () => {
    const headers = 'authorization=Bearer%20of-the-collector,x-tenant=blue';
    const gateway = await gatewayWith({ variables: { OTEL_EXPORTER_OTLP_HEADERS: headers } });
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.exports[0]?.headers).toMatchObject({
      authorization: 'Bearer of-the-collector',
      'x-tenant': 'blue',
    });
    expect(gateway.log.join()).not.toContain('of-the-collector');
  });

  it('carries headers that are read anew each time, where they are kept elsewhere', async () => {
    let secret = 'first';
    const gateway = await gatewayWith({ tracing: { readHeaders: async () => `authorization=${secret}` } });
    await gateway.send();
    await gateway.opened.flush();
    secret = 'second';
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.exports.map(({ headers }) => headers.authorization)).toEqual(['first', 'second']);
  });

  it('is compressed, and by TLS trusts the certificate, as the variables say', async () => {
    const secure = await startCollector({ cert: CERTIFICATE, key: PRIVATE_KEY });
    onTestFinished(() => secure.close());
    onTestFinished(() => void vi.unstubAllEnvs());
    const file = join(await temporaryFolder(), 'certificate.pem');
    await writeFile(file, CERTIFICATE);
    // The exporter itself reads these two.
    vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', file);
    vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip');
    const gateway = await gatewayWith({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: secure.url } });
    await gateway.send();
    await gateway.opened.flush();
    expect(gateway.log).toEqual([]);
    expect(secure.exports[0]?.headers['content-encoding']).toBe('gzip');
    expect(secure.spans()).toHaveLength(2);
  });

  it('goes to the address for traces as it is written', async () => {
    const gateway = await gatewayWith({
      variables: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/otlp?x=1` },
    });
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.exports[0]?.path).toBe('/otlp?x=1');
  });

  it('names the service, its version and environment, and what the variables add', async () => {
    const gateway = await gatewayWith({
      variables: { OTEL_RESOURCE_ATTRIBUTES: 'team=ai%20platform,deployment.environment.name=blue' },
      tracing: { resource: { 'faas.name': 'fn' } },
    });
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.spans()[0]).toMatchObject({
      scope: 'keeptrusts-gateway',
      resource: {
        'service.name': 'keeptrusts-gateway',
        'service.version': '1.2.3',
        'deployment.environment.name': 'blue',
        'faas.name': 'fn',
        team: 'ai platform',
        'telemetry.sdk.language': 'nodejs',
      },
    });
  });

  it.each([
    ['OTEL_SERVICE_NAME', { OTEL_SERVICE_NAME: 'a', OTEL_RESOURCE_ATTRIBUTES: 'service.name=b' }, 'a'],
    ['OTEL_RESOURCE_ATTRIBUTES', { OTEL_RESOURCE_ATTRIBUTES: 'service.name=b' }, 'b'],
  ])('has its service named by %s', async (_case, variables, name) => {
    const gateway = await gatewayWith({ variables });
    await gateway.send();
    await gateway.opened.flush();
    expect(collector.spans()[0]?.resource['service.name']).toBe(name);
  });

  it('takes what waits along when the gateway ends', async () => {
    const gateway = await gatewayWith();
    await gateway.send();
    expect(collector.exports).toEqual([]);
    await gateway.opened.close();
    expect(collector.spans()).toHaveLength(2);
  });

  it('takes many requests in one batch', async () => {
    const gateway = await gatewayWith();
    await Promise.all(Array.from({ length: 40 }, () => gateway.send()));
    await gateway.opened.flush();
    expect(collector.exports).toHaveLength(1);
    expect(new Set(collector.spans().map(({ spanId }) => spanId)).size).toBe(80);
  });
});

describe('a collector that refuses', () => {
  it('changes no answer and is logged once a minute, without its words', async () => {
    let time = 0;
    const gateway = await gatewayWith({ tracing: { elapsed: () => time } });
    collector.answer(400);
    for (const at of [0, 10_000, 59_000, 61_000]) {
      time = at;
      expect(await gateway.send()).toBe(200);
      await gateway.opened.flush();
    }
    expect(collector.exports).toHaveLength(4);
    expect(lossesIn(gateway.log).map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        reason: 'the collector answered with status 400',
        not_logged_since: 0,
      }),
      expect.objectContaining({ not_logged_since: 2 }),
    ]);
    expect(gateway.events).toHaveLength(4);
  });

  it('is left alone for a while by a function, whose time is paid for', async () => {
    let time = 0;
    const gateway = await gatewayWith({ tracing: { sendsOnFlush: true, elapsed: () => time } });
    collector.answer(400);
    for (const at of [0, 1_000, 29_000]) {
      time = at;
      await gateway.send();
      await gateway.opened.flush();
    }
    expect(collector.exports).toHaveLength(1);
    collector.answer(200);
    time = 31_000;
    await gateway.send();
    await gateway.opened.flush();
    // What waited meanwhile goes along.
    expect(collector.exports[1]?.spans).toHaveLength(6);
  });
});

describe('a collector that is not there', () => {
  it('changes no answer', async () => {
    const gateway = await gatewayWith({
      variables: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '50' },
    });
    expect(await gateway.send()).toBe(200);
    await gateway.opened.flush();
    expect(lossesIn(gateway.log)).toHaveLength(1);
  });

  it('that hangs is given up after OTEL_EXPORTER_OTLP_TIMEOUT', async () => {
    collector.answer('hang');
    const gateway = await gatewayWith({ variables: { OTEL_EXPORTER_OTLP_TIMEOUT: '50' } });
    expect(await gateway.send()).toBe(200);
    await gateway.opened.flush();
    expect(lossesIn(gateway.log)).toHaveLength(1);
  });
});
