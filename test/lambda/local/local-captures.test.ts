/** Captures of a gateway on this machine, from the request to the owner who reads them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AimlapiUpstream, startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { eventsCapturesCommand } from '../../../bin/commands/events-captures.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { createGateway } from '../../../lambda/gateway.ts';
import { openLocalServices } from '../../../lambda/local/local-services.ts';
import { aConfig, targetsAt } from '../../support/a-gateway.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let upstream: AimlapiUpstream;
beforeAll(async () => {
  upstream = await startAimlapiUpstream();
});
afterAll(() => upstream.close());

const configWith = (capture: string) =>
  aConfig(
    `${targetsAt(upstream.url)}policies: {chain: [pii-detector, audit-logger]}\npolicy: {audit-logger: {capture: ${capture}}}\n`,
  );

/** One request to a gateway with each configuration in turn, as after a reload; gives back the folder. */
async function serve(
  variables: Readonly<Record<string, string>>,
  captures: readonly string[],
): Promise<string> {
  const auditDir = join(await temporaryFolder(), 'audit');
  const [first = 'none'] = captures;
  const local = await openLocalServices(configWith(first), {
    variables: { AIMLAPI_KEY: 'k', ...variables },
    auditDir,
    log: () => undefined,
    syncsAudit: false,
  });
  for (const [index, capture] of captures.entries()) {
    const config = configWith(capture);
    const gateway = createGateway(config, local.servicesFor(config));
    const body = JSON.stringify({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: `say: number ${index}, bob@example.com` }],
    });
    const { status } = await gateway.handle({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', 'x-request-id': `req-${index}` },
      body: once(Buffer.from(body)),
      signal: new AbortController().signal,
    });
    expect(status).toBe(200);
  }
  await local.close();
  return auditDir;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(auditDir: string, variables: Readonly<Record<string, string>>) {
  const terminal = recordingTerminal();
  const command = eventsCapturesCommand(terminal, variables);
  await command.parseAsync(['--audit-dir', auditDir], { from: 'user' });
  return { text: terminal.stdout(), code: terminal.exitCode() };
}

describe('a gateway on this machine', () => {
  it.each([
    ["under the folder's own digest key", {}],
    ['under the key that its variables hold', { KEEPTRUSTS_DIGEST_KEY: 'kept elsewhere' }],
  ])('keeps captures %s, all of them by the time it ends', async (_case, variables) => {
    const auditDir = await serve(variables, ['redacted', 'redacted']);
    const { text, code } = await read(auditDir, variables);
    expect(text).toContain('say: number 0, [EMAIL_REDACTED]');
    expect(text).toContain('say: number 1, [EMAIL_REDACTED]');
    expect(text).not.toContain('bob@');
    expect(code).toBe(0);
    expect(await verifyFolder(auditDir)).toMatchObject({ ok: true, events: 2 });
  });

  it('begins and stops to keep them as a changed configuration says', async () => {
    const auditDir = await serve({}, ['none', 'redacted', 'none']);
    const { text } = await read(auditDir, {});
    expect(text.match(/req-\d/g)).toEqual(['req-1']);
  });
});
