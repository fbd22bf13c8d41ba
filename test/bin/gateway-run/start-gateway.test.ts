import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  startGateway,
  type StartOptions,
  type StartedGateway,
} from '../../../bin/gateway-run/start-gateway.ts';
import { CommandFailure } from '../../../bin/terminal.ts';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const configText = (version: string, baseUrl = 'http://127.0.0.1:9/v1'): string => `
pack: {name: test, version: ${version}, enabled: true}
policies: {chain: [pii-detector, audit-logger]}
policy: {pii-detector: {action: redact}, audit-logger: {retention_days: 30}}
providers: {targets: [{id: a, provider: aimlapi, model: openai/gpt-4o, base_url: ${baseUrl}}]}
`;

async function setUp(text: string, changes: Partial<StartOptions> = {}) {
  const dir = await temporaryFolder();
  const file = join(dir, 'policy-config.yaml');
  await writeFile(file, text);
  const log: string[] = [];
  const options: StartOptions = {
    listen: [{ host: '127.0.0.1', port: 0 }],
    policyConfig: [file],
    failMode: 'block',
    maxConcurrency: 256,
    auditDir: join(dir, 'audit'),
    syncsAudit: true,
    variables: { AIMLAPI_KEY: 'k' },
    log: (level, message) => void log.push(`${level} ${message}`),
    ...changes,
  };
  return { dir, file, log, options };
}

async function start(options: StartOptions): Promise<StartedGateway> {
  const gateway = await startGateway(options);
  onTestFinished(() => gateway.close(0));
  return gateway;
}

const ask = (url: string, content: string): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-4o', messages: [{ role: 'user', content }] }),
  });

describe('a started gateway', () => {
  it('answers, redacts, and leaves evidence that verifies', async () => {
    const upstream = await startAimlapiUpstream();
    onTestFinished(() => upstream.close());
    const { options } = await setUp(configText('1.0.0', upstream.url));
    const gateway = await startGateway(options);
    const answer = await ask(gateway.urls[0] ?? '', 'Repeat: ada@example.org');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('[EMAIL_REDACTED]');
    expect(upstream.requests[0]?.body).not.toContain('ada@');
    await gateway.close(1000);
    expect(await verifyFolder(options.auditDir)).toMatchObject({ ok: true, events: 1 });
  });

  it('serves every address that it was given', async () => {
    const { options } = await setUp(configText('1.0.0'), {
      listen: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.1', port: 0 },
      ],
    });
    const { urls } = await start(options);
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('takes its files again when asked, and keeps the old ones when the new are bad', async () => {
    const { file, options, log } = await setUp(configText('1.0.0'));
    const gateway = await start(options);
    const versionOf = async (): Promise<unknown> =>
      (await ask(gateway.urls[0] ?? '', 'x')).headers.get('x-keeptrusts-config-version');
    expect(await versionOf()).toBe('1.0.0');
    await writeFile(file, configText('2.0.0'));
    expect(await gateway.reload()).toEqual({ ok: true, version: '2.0.0' });
    expect(await versionOf()).toBe('2.0.0');
    await writeFile(file, configText('not a version'));
    const url = `${gateway.urls[0] ?? ''}/keeptrusts/config/reload`;
    const refused = await fetch(url, { method: 'POST' });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('pack.version');
    expect(await versionOf()).toBe('2.0.0');
    const ofConfiguration = log.filter((line) => line.includes('configuration'));
    expect(ofConfiguration).toEqual([
      'info configuration read again',
      'error the configuration stays as it was',
    ]);
  });

  it('lets a running stream end while new calls get 503', async () => {
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const upstream = await startAimlapiUpstream({
      reply: () => ({
        text: ['first ', 'second '],
        beforeFrame: (index) => (index === 2 ? held : undefined),
      }),
    });
    onTestFinished(() => upstream.close());
    const { options } = await setUp(configText('1.0.0', upstream.url));
    const gateway = await startGateway(options);
    const url = gateway.urls[0] ?? '';
    const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] });
    const running = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const closed = gateway.close(60_000);
    const late = await ask(url, 'x');
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5']);
    go();
    const text = await running.text();
    expect(text).toContain('second');
    expect(text).toContain('[DONE]');
    await closed;
    await expect(ask(url, 'x')).rejects.toThrow('fetch failed');
    expect(await verifyFolder(options.auditDir)).toMatchObject({ ok: true, events: 2 });
  });

  it('refuses calls above --max-concurrency at once', async () => {
    const upstream = await startAimlapiUpstream({ fault: 'hang/headers' });
    onTestFinished(() => upstream.close());
    const { options } = await setUp(configText('1.0.0', upstream.url), { maxConcurrency: 1 });
    const gateway = await start(options);
    const url = gateway.urls[0] ?? '';
    const hanging = ask(url, 'x').catch(() => 'cut');
    while (upstream.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await ask(url, 'x')).status).toBe(503);
    await gateway.close(0);
    await hanging;
  });
});

describe('a gateway is not started', () => {
  const failure = (options: StartOptions): Promise<unknown> =>
    startGateway(options).catch((error: unknown) => error);

  it('from a file that is not valid: exit code 2, and every mistake is told', async () => {
    const { options } = await setUp(configText('x').replace('pii-detector, audit', 'pii-detektor, audit'));
    const error = await failure(options);
    expect(error).toBeInstanceOf(CommandFailure);
    expect(error).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/pack\.version[^]*pii-detektor/) as unknown,
    });
  });

  it('from a file that is not there: exit code 1', async () => {
    const { options } = await setUp('', { policyConfig: ['/nowhere/policy-config.yaml'] });
    expect(await failure(options)).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('/nowhere/policy-config.yaml: it is not there') as unknown,
    });
  });

  it('on a port that is taken: exit code 1, and the other port is given back', async () => {
    const first = await setUp(configText('1.0.0'));
    const taken = Number(new URL((await start(first.options)).urls[0] ?? '').port);
    const { options } = await setUp(configText('1.0.0'), {
      listen: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.1', port: taken },
      ],
    });
    expect(await failure(options)).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(`127.0.0.1:${taken} is taken`) as unknown,
    });
  });

  it('with an audit folder that can not be one: exit code 1', async () => {
    const { dir, options } = await setUp(configText('1.0.0'));
    await writeFile(join(dir, 'audit'), 'a file');
    expect(await failure(options)).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('audit folder') as unknown,
    });
  });

  // root may write everywhere
  it.skipIf(process.getuid?.() === 0)('with an audit folder that is not writable: exit code 1', async () => {
    const { dir, options } = await setUp(configText('1.0.0'));
    await mkdir(join(dir, 'audit'));
    await chmod(join(dir, 'audit'), 0o500);
    expect(await failure(options)).toMatchObject({ exitCode: 1 });
    expect(await readdir(join(dir, 'audit'))).toEqual([]);
  });
});
