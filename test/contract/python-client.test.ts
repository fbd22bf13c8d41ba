/** The official OpenAI client for Python, unchanged, against the gateway on a port. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startAimlapiUpstream } from '../../bin/upstream/aimlapi-upstream.ts';
import { startNodeServer } from '../../lambda/http/node-server.ts';
import { aConfig, aGateway, FOUR_POLICIES } from '../support/a-gateway.ts';
import { pythonWith } from '../support/python.ts';

const EXPECTED = {
  whole: 'card [CREDIT_CARD_REDACTED]',
  stream: 'one two three four',
  usage: 1,
  tool: 'pay',
  blocked: [409, 'input_blocked', 'policy_violation'],
  broken: 'upstream_error',
  models: [],
};

it(
  'the official client for Python reads whole, streamed, tools and errors',
  { timeout: 300_000 },
  async (context) => {
    const found = await pythonWith('openai', ['openai==2.6.1']);
    if ('missing' in found) {
      process.stdout.write(`skipped: the client for Python (${found.missing})\n`);
      return context.skip();
    }
    const upstream = await startAimlapiUpstream();
    const providers = `providers: {retry: {max_retries: 0}, targets: [{id: t, provider: aimlapi, base_url: "${upstream.url}"}]}\n`;
    const gateway = aGateway(aConfig(providers + FOUR_POLICIES));
    const server = await startNodeServer(gateway.gateway, {
      host: '127.0.0.1',
      port: 0,
      log: () => undefined,
    });
    try {
      const script = ['test/contract/python/client.py', `${server.url}/v1`, 'unused'];
      const { stdout } = await promisify(execFile)(found.python, script, { timeout: 60_000 });
      const lines = stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      expect(lines).toEqual(Object.entries(EXPECTED).map(([name, value]) => ({ name, value })));
    } finally {
      await server.close(0);
      await gateway.close();
      await upstream.close();
    }
  },
);
