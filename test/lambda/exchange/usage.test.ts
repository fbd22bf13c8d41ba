/** What an event says of tokens and cost, reasoning included, whichever way upstream counts it. */
import { expect, it, onTestFinished } from 'vitest';
import { aConfig, aGateway, ENTITY_FREE_CHAIN } from '../../support/a-gateway.ts';
import { anAnsweringUpstream } from '../../support/an-answering-upstream.ts';

const TARGET = `providers: {targets: [{id: t1, provider: aimlapi, model: m, pricing: {prompt: 1, completion: 10}}]}\n`;

async function eventOf(usage: object) {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }];
  const upstream = anAnsweringUpstream(() => ({
    text: JSON.stringify({ object: 'chat.completion', model: 'm', choices, usage }),
  }));
  const gateway = aGateway(aConfig(TARGET + ENTITY_FREE_CHAIN), { callUpstream: upstream.call });
  onTestFinished(() => gateway.close());
  await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }] });
  return gateway.events.at(-1);
}

it.each([
  ['within the output', { prompt_tokens: 10, completion_tokens: 50, total_tokens: 60 }, 0.0005],
  ['beside the output', { prompt_tokens: 10, completion_tokens: 20, total_tokens: 60 }, 0.0005],
])('reasoning %s is counted and priced once', async (_, counts, cost) => {
  const usage = { ...counts, completion_tokens_details: { reasoning_tokens: 30 } };
  expect(await eventOf(usage)).toMatchObject({
    output_tokens: counts.completion_tokens,
    reasoning_tokens: 30,
    total_tokens: 60,
    cost_output_usd: cost,
    cost_usd: cost + 0.00001,
  });
});
