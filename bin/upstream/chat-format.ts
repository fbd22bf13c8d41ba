/** Chat completions as AIML API writes them: OpenAI's, its own usage and meta frames, its own finish reasons. */
import { isClaude } from './catalogue.ts';
import { textOf, tokensOf } from './tokens.ts';
import type { Answer } from './answer.ts';
import type { Facts } from './exchange.ts';

/** The whole answer. */
export function chatReply(answer: Answer, facts: Facts): object {
  const message = {
    role: 'assistant',
    content: answer.text === undefined ? null : textOf(answer.text),
    refusal: answer.refusal ?? null,
    ...reasoningFields(answer, textOf(answer.reasoning ?? '')),
    ...(answer.toolCalls === undefined ? {} : { tool_calls: toolCalls(answer, facts) }),
  };
  const choices = indices(facts).map((index) => ({
    index,
    message,
    logprobs: null,
    finish_reason: finishReason(answer, facts),
  }));
  return {
    id: idOf(facts),
    object: 'chat.completion',
    created: facts.created,
    model: facts.model,
    choices,
    usage: usageOf(facts),
    system_fingerprint: null,
    meta: { usage: facts.cost },
  };
}

/** The streamed answer, one data object for each frame, without [DONE]. */
export function chatFrames(answer: Answer, facts: Facts): readonly object[] {
  const chunk = (index: number, delta: object, finish: string | null = null): object => ({
    id: idOf(facts),
    object: 'chat.completion.chunk',
    created: facts.created,
    model: facts.model,
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    usage: null,
    obfuscation: 'x'.repeat(1 + (JSON.stringify(delta).length % 16)),
  });
  const all = indices(facts);
  const everyChoice = (deltas: readonly object[]): readonly object[] =>
    deltas.flatMap((delta) => all.map((index) => chunk(index, delta)));
  const { id, object, created, model } = { ...facts, id: idOf(facts), object: 'chat.completion.chunk' };
  return [
    ...everyChoice([{ role: 'assistant', content: '', refusal: null }]),
    ...everyChoice(tokensOf(answer.reasoning ?? '').map((token) => reasoningDelta(answer, token))),
    ...everyChoice(tokensOf(answer.text ?? '').map((content) => ({ content }))),
    ...everyChoice(tokensOf(answer.refusal ?? '').map((refusal) => ({ refusal }))),
    ...everyChoice(toolDeltas(answer, facts)),
    ...all.map((index) => chunk(index, {}, finishReason(answer, facts))),
    { id, object, created, model, choices: [], usage: usageOf(facts) },
    { meta: { usage: facts.cost } },
  ];
}

const indices = (facts: Facts): readonly number[] =>
  Array.from({ length: facts.choices }, (_, index) => index);

const idOf = (facts: Facts): string => `${isClaude(facts.askedModel) ? 'msg_' : 'chatcmpl-'}${facts.serial}`;

function finishReason(answer: Answer, facts: Facts): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  if (answer.toolCalls !== undefined) return 'tool_calls';
  return isClaude(facts.askedModel) ? 'end_turn' : 'stop';
}

function reasoningFields(answer: Answer, text: string): object {
  if (text === '') return {};
  if (answer.reasoningAs !== 'reasoning') return { reasoning_content: text };
  return { reasoning: text, reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] };
}

const reasoningDelta = (answer: Answer, token: string): object => ({
  content: null,
  ...reasoningFields(answer, token),
});

function toolCalls(answer: Answer, facts: Facts): readonly object[] {
  return (answer.toolCalls ?? []).map((call, index) => ({
    id: `call_${facts.serial}${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
}

function toolDeltas(answer: Answer, facts: Facts): readonly object[] {
  return (answer.toolCalls ?? []).flatMap((call, index) => [
    {
      tool_calls: [
        {
          index,
          id: `call_${facts.serial}${index}`,
          type: 'function',
          function: { name: call.name, arguments: '' },
        },
      ],
    },
    ...tokensOf(call.arguments).map((token) => ({ tool_calls: [{ index, function: { arguments: token } }] })),
  ]);
}

function usageOf(facts: Facts): object {
  return {
    prompt_tokens: facts.input,
    completion_tokens: facts.output,
    total_tokens: facts.input + facts.output,
    prompt_tokens_details: { cached_tokens: facts.cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}
