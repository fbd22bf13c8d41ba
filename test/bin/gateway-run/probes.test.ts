/** Health probes of a gateway as it is started: they begin by themselves and end with the drain. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startGateway } from '../../../bin/gateway-run/start-gateway.ts';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const policiesOf = (url: string): string => `
pack: {name: probed, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
policy: {audit-logger: {retention_days: 30}}
providers:
  targets:
    - {id: here, provider: aimlapi, base_url: "${url}", health_probe: {enabled: true, interval_seconds: 60}}
    - {id: gone, provider: aimlapi, base_url: "http://127.0.0.1:9/v1", health_probe: {enabled: true, interval_seconds: 1, timeout_seconds: 1}}
    - {id: quiet, provider: aimlapi, base_url: "${url}"}
`;

it('a started gateway probes its targets and tells of it in /health', async () => {
  const upstream = await startAimlapiUpstream();
  onTestFinished(() => upstream.close());
  const dir = await temporaryFolder();
  const file = join(dir, 'policy-config.yaml');
  await writeFile(file, policiesOf(upstream.url));
  const gateway = await startGateway({
    listen: [{ host: '127.0.0.1', port: 0 }],
    policyConfig: [file],
    failMode: 'block',
    maxConcurrency: 4,
    auditDir: join(dir, 'audit'),
    syncsAudit: false,
    variables: { AIMLAPI_KEY: 'k' },
    log: () => undefined,
  });
  const health = async (): Promise<unknown> => {
    const told: unknown = await (await fetch(`${gateway.urls[0] ?? ''}/health`)).json();
    return told;
  };
  await vi.waitFor(
    async () =>
      expect(await health()).toMatchObject({
        status: 'degraded',
        providers: {
          here: { state: 'reachable', last_probe_at: expect.any(String) as unknown },
          gone: { state: 'unreachable' },
          quiet: { state: 'unknown', last_probe_at: null },
        },
      }),
    { timeout: 10_000, interval: 50 },
  );
  await gateway.close(0);
  const probes = upstream.requests.filter(({ method }) => method === 'GET');
  expect(probes).toMatchObject([{ path: '/v1/models', headers: { authorization: 'Bearer k' } }]);
});
