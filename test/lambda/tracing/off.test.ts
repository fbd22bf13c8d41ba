/** Where no variable asks for tracing, nothing of OpenTelemetry's libraries is loaded. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { openTracing } from '../../../lambda/tracing/open-tracing.ts';
import { readTracingSettings } from '../../../lambda/config/tracing-settings.ts';
import { startCollector } from '../../support/a-collector.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const KT = fileURLToPath(new URL('../../../bin/kt.ts', import.meta.url));
const WATCH = new URL('../../support/loaded-modules.js', import.meta.url).href;

/** `kt gateway run` for one request, until a signal ends it. */
async function runGateway(variables: Readonly<Record<string, string>>) {
  const upstream = await startAimlapiUpstream();
  onTestFinished(() => upstream.close());
  const dir = await temporaryFolder();
  const file = join(dir, 'policy-config.yaml');
  const target = `{id: a, provider: aimlapi, model: gpt-4o, base_url: ${upstream.url}}`;
  await writeFile(
    file,
    `pack: {name: p, version: 1.0.0, enabled: true}\npolicies: {chain: [audit-logger]}\nproviders: {targets: [${target}]}\n`,
  );
  const child = spawn(
    process.execPath,
    [
      '--import',
      WATCH,
      KT,
      'gateway',
      'run',
      '--listen',
      '127.0.0.1:0',
      '--policy-config',
      file,
      '--audit-dir',
      join(dir, 'audit'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], AIMLAPI_KEY: 'k', ...variables } },
  );
  const log = text(child.stderr);
  const line = String(await once(child.stdout, 'data'));
  const answer = await fetch(`${line.trim()}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'say: hello' }] }),
  });
  await answer.text();
  child.kill('SIGTERM');
  await once(child, 'exit');
  return { status: answer.status, code: child.exitCode, log: await log };
}

describe('a gateway in a process of its own', () => {
  it.each([
    ['without a variable', {}],
    [
      'that is switched off',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
    ],
  ])('%s loads none of the libraries', async (_case, variables) => {
    const { status, code, log } = await runGateway(variables);
    expect({ status, code }).toEqual({ status: 200, code: 0 });
    expect(log).toMatch(/asked for: none\n/);
  });

  it('with an endpoint loads them, and sends its spans before it ends', async () => {
    const collector = await startCollector();
    onTestFinished(() => collector.close());
    const { status, code, log } = await runGateway({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'mine',
    });
    expect({ status, code }).toEqual({ status: 200, code: 0 });
    expect(log).toMatch(/asked for: .*otlp-tracing/);
    expect(collector.spans().map(({ name }) => name)).toEqual(['POST /v1/chat/completions', 'chat gpt-4o']);
    expect(collector.spans()[0]?.resource).toMatchObject({
      'service.name': 'mine',
      'deployment.environment.name': 'local',
    });
  });
});

describe('tracing that can not be had', () => {
  const OPTIONS = {
    scheme: 'http',
    version: '1',
    environment: 'test',
    sendsOnFlush: false,
    elapsed: () => 0,
  } as const;

  it('is told once, and the gateway serves without it', () => {
    const log: unknown[] = [];
    const reading = readTracingSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    const opened = openTracing(reading, { ...OPTIONS, log: (...entry) => void log.push(entry) });
    expect(opened).toBeUndefined();
    expect(log).toEqual([
      [
        'error',
        'requests are not traced',
        {
          reason:
            'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": allowed is http/protobuf or http/json (port 4318 as a rule)',
        },
      ],
    ]);
  });

  it('is silent where nobody asked for it', () => {
    const log: unknown[] = [];
    expect(
      openTracing({ kind: 'off' }, { ...OPTIONS, log: (...entry) => void log.push(entry) }),
    ).toBeUndefined();
    expect(log).toEqual([]);
  });

  it('traces no request before its libraries are there', async () => {
    const reading = readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const opened = openTracing(reading, { ...OPTIONS, log: () => undefined });
    expect(opened?.tracing.begin({})).toBeUndefined();
    await opened?.load();
    expect(opened?.tracing.begin({})?.traceId).toMatch(/^[0-9a-f]{32}$/);
    await opened?.close();
  });
});
