/** Ids, vendor, tokens and cost are read wherever an upstream writes them. */
import { describe, expect, it } from 'vitest';
import {
  mergeFacts,
  replyFactsOfBody,
  replyFactsOfHeaders,
  replyFactsOfStream,
} from '../../../lambda/upstream/aimlapi-reply.ts';

describe('headers', () => {
  it.each([
    ['none', {}, {}],
    ['ids', { 'x-request-id': 'r', 'x-inference-id': 'i' }, { requestId: 'r', inferenceId: 'i' }],
    ['router', { 'x-aimlapi-model': 'm', 'x-aimlapi-provider': 'v' }, { model: 'm', vendor: 'v' }],
    ['USD', { 'x-aimlapi-usd-spent': '0.00124', 'x-aimlapi-credits-used': '9' }, { costUsd: 0.00124 }],
    ['credits', { 'x-aimlapi-credits-used': '2480' }, { costUsd: 0.00124 }],
    ['free', { 'x-aimlapi-usd-spent': '0' }, { costUsd: 0 }],
    ['no number', { 'x-aimlapi-usd-spent': 'free', 'x-request-id': '' }, {}],
    ['empty', { 'x-aimlapi-usd-spent': ' ' }, {}],
    ['negative', { 'x-aimlapi-usd-spent': '-1' }, {}],
  ])('%s', (_, headers, facts) => {
    expect(replyFactsOfHeaders(headers)).toEqual(facts);
  });
});

describe('cost in a body', () => {
  it.each([
    ['meta in USD', { meta: { usage: { credits_used: 5, usd_spent: 0.001 } } }, 0.001],
    ['meta in credits, as in older answers', { meta: { usage: { credits_used: 7254 } } }, 0.003627],
    ['usage.cost', { usage: { prompt_tokens: 1, cost: 0.5 } }, 0.5],
    ['meta before usage.cost', { usage: { cost: 1 }, meta: { usage: { usd_spent: 2 } } }, 2],
    ['nothing', { usage: {} }, undefined],
    ['meta that is odd', { meta: { usage: { usd_spent: 'x', credits_used: null } } }, undefined],
  ])('%s', (_, body, costUsd) => {
    expect(replyFactsOfBody(body).costUsd).toBe(costUsd);
  });
});

describe('usage', () => {
  const usage = (
    inputTokens: number,
    outputTokens: number,
    cachedTokens: number,
    totalTokens: number,
    reasoningTokens = 0,
  ) => ({
    reasoningTokens,
    inputTokens,
    outputTokens,
    cachedTokens,
    totalTokens,
  });

  it.each([
    [
      'chat',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4 },
      },
      usage(10, 5, 4, 15),
    ],
    [
      'chat, reasoning left out of completion_tokens',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 },
      usage(10, 5, 0, 40),
    ],
    [
      'chat, with its reasoning',
      { prompt_tokens: 10, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 4 } },
      usage(10, 5, 0, 15, 4),
    ],
    [
      'Responses, with its reasoning',
      { input_tokens: 10, output_tokens: 5, output_tokens_details: { reasoning_tokens: 3 } },
      usage(10, 5, 0, 15, 3),
    ],
    [
      'DeepSeek',
      { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 8 },
      usage(10, 5, 8, 15),
    ],
    [
      'Responses',
      { input_tokens: 10, output_tokens: 5, total_tokens: 15, input_tokens_details: { cached_tokens: 3 } },
      usage(10, 5, 3, 15),
    ],
    [
      'Messages, the cache beside the input',
      { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 },
      usage(130, 5, 100, 135),
    ],
    ['embeddings', { prompt_tokens: 7, total_tokens: 7 }, usage(7, 0, 0, 7)],
    [
      'more cached than there is',
      { prompt_tokens: 2, prompt_tokens_details: { cached_tokens: 9 } },
      usage(2, 0, 2, 2),
    ],
    ['odd counts', { prompt_tokens: -3, completion_tokens: 1.5 }, usage(0, 0, 0, 0)],
    ['none', { cost: 1 }, undefined],
  ])('of %s', (_, raw, expected) => {
    expect(replyFactsOfBody({ usage: raw }).usage).toEqual(expected);
  });
});

describe('who answered', () => {
  it.each([
    ['the body’s model', { model: 'gpt-4o-2024-08-06' }, { model: 'gpt-4o-2024-08-06' }],
    [
      'a router’s choice',
      { model: 'router', meta: { model: 'm', provider: 'v' } },
      { model: 'm', vendor: 'v' },
    ],
    ['OpenRouter’s provider', { model: 'm', provider: 'v' }, { model: 'm', vendor: 'v' }],
    [
      'a Responses event',
      { type: 'response.completed', response: { model: 'm', meta: { usage: { usd_spent: 1 } } } },
      { model: 'm', costUsd: 1 },
    ],
    ['a Messages event', { type: 'message_start', message: { model: 'm' } }, { model: 'm' }],
    ['a text named message is no envelope', { message: 'x', model: 'm' }, { model: 'm' }],
  ])('%s', (_, body, facts) => {
    expect(replyFactsOfBody(body)).toEqual(facts);
  });
});

describe('facts that come one after the other', () => {
  it('add up, and token counts only grow', () => {
    const start = replyFactsOfBody({
      message: { model: 'claude', usage: { input_tokens: 50, output_tokens: 1 } },
    });
    const end = replyFactsOfBody({ type: 'message_delta', usage: { output_tokens: 12 } });
    expect(mergeFacts(mergeFacts({ requestId: 'r' }, start), end)).toEqual({
      requestId: 'r',
      model: 'claude',
      usage: { inputTokens: 50, outputTokens: 12, cachedTokens: 0, reasoningTokens: 0, totalTokens: 62 },
    });
  });

  it.each([
    ['nothing', {}, {}],
    [
      'chat’s last usage and the bare cost frame',
      { model: 'm', usage: { prompt_tokens: 1, completion_tokens: 2 }, meta: { usage: { usd_spent: 0.1 } } },
      {
        model: 'm',
        costUsd: 0.1,
        usage: { inputTokens: 1, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0, totalTokens: 3 },
      },
    ],
    [
      'Responses’ last event',
      {
        last: {
          type: 'response.completed',
          response: { model: 'm', usage: { input_tokens: 1, output_tokens: 2 } },
        },
      },
      {
        model: 'm',
        usage: { inputTokens: 1, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0, totalTokens: 3 },
      },
    ],
  ])('of a stream: %s', (_, kept, facts) => {
    expect(replyFactsOfStream(kept)).toEqual(facts);
  });
});
