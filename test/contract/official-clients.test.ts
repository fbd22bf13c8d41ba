/** The official clients, unchanged, against the gateway on a port. */
import { startAimlapiUpstream } from '../../bin/upstream/aimlapi-upstream.ts';
import { startNodeServer } from '../../lambda/http/node-server.ts';
import { newKeyText } from '../../lambda/state/key-text.ts';
import { aConfig, aGateway } from '../support/a-gateway.ts';
import { startCompletionsUpstream } from '../support/completions-upstream.ts';
import { CLIENT_POLICIES, replyFrom } from './clients/door.ts';
import { officialClientsContract } from './clients/official-clients.ts';

officialClientsContract(async (script) => {
  const upstream = await startAimlapiUpstream({ reply: replyFrom(script) });
  const completions = await startCompletionsUpstream((body) => {
    script.asked.push(body);
    return script.answer;
  });
  const policies = CLIENT_POLICIES.replace('{{upstream}}', upstream.url).replace(
    '{{completions}}',
    completions.url,
  );
  const key = newKeyText();
  const known = { name: 'test', role: 'caller', createdAt: 0 } as const;
  const gateway = aGateway(aConfig(policies), {
    keys: async (presented) => (presented === key ? known : undefined),
  });
  const server = await startNodeServer(gateway.gateway, { host: '127.0.0.1', port: 0, log: () => undefined });
  return {
    origin: server.url,
    key,
    close: async () => {
      await server.close(0);
      await gateway.close();
      await Promise.all([upstream.close(), completions.close()]);
    },
  };
});
