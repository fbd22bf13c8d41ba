/** The official clients, unchanged, against the function as it is deployed. */
import { deployGateway } from '../support/deployed-gateway.ts';
import { startCompletionsUpstream } from '../support/completions-upstream.ts';
import { CLIENT_POLICIES, replyFrom } from '../contract/clients/door.ts';
import { officialClientsContract } from '../contract/clients/official-clients.ts';

const PACK = 'pack: {name: deployed, version: 1.2.3, enabled: true}';

officialClientsContract(async (script) => {
  const completions = await startCompletionsUpstream((body) => {
    script.asked.push(body);
    return script.answer;
  });
  const gateway = await deployGateway({
    policies: PACK + CLIENT_POLICIES.replace('{{completions}}', completions.url),
    upstream: { reply: replyFrom(script) },
  });
  return {
    origin: gateway.baseUrl.slice(0, -'/v1'.length),
    key: await gateway.addKey(),
    close: async () => {
      await gateway.close();
      await completions.close();
    },
  };
});
