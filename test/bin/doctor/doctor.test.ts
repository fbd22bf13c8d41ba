import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctorCommand } from '../../../bin/commands/doctor.ts';
import { checkAuditFolder, checkPort } from '../../../bin/doctor/check-machine.ts';
import { checkUpstreams } from '../../../bin/doctor/check-upstream.ts';
import { startGateway } from '../../../bin/gateway-run/start-gateway.ts';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { CallUpstream } from '../../../lambda/upstream/upstream-call.ts';
import { ConnectionFailure } from '../../../lambda/upstream/upstream-call.ts';
import { aConfig, targetsAt, FOUR_POLICIES } from '../../support/a-gateway.ts';
import { aTerminal } from '../../support/a-terminal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const configText = (baseUrl: string, secret = 'PATH'): string => `
pack: {name: test, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
policy: {audit-logger: {retention_days: 30}}
providers: {targets: [{id: a, provider: other, model: m, base_url: ${baseUrl}, secret_key_ref: {env: ${secret}}}]}
`;

async function examine(text: string) {
  const dir = await temporaryFolder();
  const file = join(dir, 'c.yaml');
  await writeFile(file, text);
  const terminal = aTerminal();
  const args = ['--policy-config', file, '--listen', '127.0.0.1:0', '--audit-dir', join(dir, 'audit')];
  await doctorCommand(terminal).parseAsync([...args, '--json'], { from: 'user' });
  const report: unknown = JSON.parse(terminal.written.out);
  return { report, code: terminal.written.code };
}

describe('kt doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const upstream = await startAimlapiUpstream();
    onTestFinished(() => upstream.close());
    const { report, code } = await examine(configText(upstream.url));
    expect(report).toMatchObject({
      ok: true,
      checks: [
        { name: 'configuration', state: 'ok' },
        { name: 'secrets', state: 'ok' },
        { name: `upstream ${upstream.url}`, state: 'ok', latency_ms: expect.any(Number) as unknown },
        { state: 'ok', detail: 'will be made at the first start' },
        { state: 'ok', detail: 'free' },
      ],
    });
    expect(code).toBe(0);
  });

  it('names secrets that are missing and upstreams that are out of reach: exit code 1', async () => {
    const { report, code } = await examine(configText('http://127.0.0.1:9/v1', 'NOT_SET_ANYWHERE'));
    expect(report).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'secret NOT_SET_ANYWHERE', state: 'failed' }),
        expect.objectContaining({ name: 'upstream http://127.0.0.1:9/v1', state: 'failed' }),
      ]) as unknown,
    });
    expect(code).toBe(1);
  });

  it('tells what is wrong with the configuration: exit code 2', async () => {
    const { report, code } = await examine('pack: {}');
    expect(report).toMatchObject({ ok: false, checks: [{ name: 'configuration', state: 'failed' }, {}, {}] });
    expect(code).toBe(2);
  });
});

describe('the check of a key of AIML API', () => {
  const call =
    (status: number, body: string): CallUpstream =>
    ({ url }) => {
      if (!url.endsWith('/v2/billing')) throw new ConnectionFailure('ECONNREFUSED');
      async function* bytes(): AsyncGenerator<Uint8Array> {
        await Promise.resolve();
        yield Buffer.from(body);
      }
      return Promise.resolve({ status, headers: {}, body: bytes() });
    };

  it.each([
    ['has funds', 200, '{"current_balance": 12.5}', 'ok', 'balance 12.5 USD'],
    ['has none', 200, '{"current_balance": 0}', 'failed', 'without funds'],
    ['is accepted', 200, '<html>', 'ok', 'accepted'],
    ['is refused', 401, '', 'failed', 'refuses it (401)'],
    ['can not be checked', 404, '', 'warning', 'answers 404'],
  ])('says that it %s', async (_name, status, body, state, detail) => {
    const config = aConfig(FOUR_POLICIES + targetsAt('http://127.0.0.1:9/v1'));
    const options = { variables: { AIMLAPI_KEY: 'k' }, call: call(status, body), timeoutMs: 1000 };
    const checks = await checkUpstreams(config, options);
    expect(checks[0]).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('ECONNREFUSED') as unknown,
    });
    expect(checks[1]).toMatchObject({
      name: 'key AIMLAPI_KEY',
      state,
      detail: expect.stringContaining(detail) as unknown,
    });
  });
});

describe('the check of the audit folder', () => {
  it('accepts one that is there', async () => {
    const dir = join(await temporaryFolder(), 'audit');
    await mkdir(dir);
    expect(await checkAuditFolder(dir)).toMatchObject({ state: 'ok', detail: 'writable' });
  });

  it('accepts one that can be made, however deep', async () => {
    const dir = join(await temporaryFolder(), 'a/b/c');
    expect(await checkAuditFolder(dir)).toMatchObject({
      state: 'ok',
      detail: 'will be made at the first start',
    });
  });

  it('refuses a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    expect(await checkAuditFolder(join(file, 'audit'))).toMatchObject({ state: 'failed' });
  });
});

describe('the check of a port', () => {
  it('warns of another program', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    expect(await checkPort({ host: '127.0.0.1', port })).toMatchObject([{ state: 'warning' }]);
  });

  it('tells the circuits of a gateway that runs there', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'c.yaml'), configText('http://127.0.0.1:9/v1'));
    const gateway = await startGateway({
      listen: [{ host: '127.0.0.1', port: 0 }],
      policyConfig: [join(dir, 'c.yaml')],
      failMode: 'block',
      maxConcurrency: 1,
      auditDir: join(dir, 'audit'),
      syncsAudit: true,
      variables: {},
      log: () => {},
    });
    onTestFinished(() => gateway.close(0));
    const port = Number(new URL(gateway.urls[0] ?? '').port);
    expect(await checkPort({ host: '127.0.0.1', port })).toMatchObject([
      { state: 'ok', detail: expect.stringContaining('a gateway is running') as unknown },
      { name: 'circuit a', state: 'ok', detail: expect.stringContaining('closed') as unknown },
    ]);
  });
});
