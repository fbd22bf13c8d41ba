/** The Messages format, Anthropic's: content blocks whole, and the events that build them up. */
import { parseObject, type JsonObject } from './json.ts';
import { textOf, tokensOf } from './tokens.ts';
import type { Answer } from './answer.ts';
import type { Facts } from './exchange.ts';

/** The whole answer. */
export function messagesReply(answer: Answer, facts: Facts): object {
  return {
    ...envelope(facts),
    content: blocks(answer, facts).map(({ whole }) => whole),
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: { ...inputUsage(facts), output_tokens: facts.output },
    meta: { usage: facts.cost },
  };
}

/** The streamed answer; each event names its type but the last, which is AIML API's bare cost frame. */
export function messagesFrames(answer: Answer, facts: Facts): readonly JsonObject[] {
  const usage = { ...inputUsage(facts), output_tokens: 1 };
  const message = { ...envelope(facts), content: [], stop_reason: null, stop_sequence: null, usage };
  return [
    { type: 'message_start', message },
    ...blocks(answer, facts).flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: facts.output },
    },
    { type: 'message_stop' },
    { meta: { usage: facts.cost } },
  ];
}

interface Block {
  readonly whole: JsonObject;
  readonly start: JsonObject;
  readonly deltas: readonly JsonObject[];
}

function blocks(answer: Answer, facts: Facts): readonly Block[] {
  const thinking = answer.reasoning === undefined ? [] : [thinkingBlock(answer.reasoning)];
  const spoken = answer.refusal ?? answer.text;
  const text = spoken === undefined ? [] : [textBlock(spoken)];
  const calls = (answer.toolCalls ?? []).map((call, index): Block => {
    const head = { type: 'tool_use', id: `toolu_${facts.serial}${index}`, name: call.name };
    return {
      whole: { ...head, input: parseObject(call.arguments) ?? {} },
      start: { ...head, input: {} },
      deltas: tokensOf(call.arguments).map((token) => ({ type: 'input_json_delta', partial_json: token })),
    };
  });
  return [...thinking, ...text, ...calls];
}

function thinkingBlock(reasoning: string | readonly string[]): Block {
  const signature = 'c2NyaXB0ZWQ=';
  return {
    whole: { type: 'thinking', thinking: textOf(reasoning), signature },
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...tokensOf(reasoning).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature },
    ],
  };
}

function textBlock(spoken: string | readonly string[]): Block {
  return {
    whole: { type: 'text', text: textOf(spoken) },
    start: { type: 'text', text: '' },
    deltas: tokensOf(spoken).map((text) => ({ type: 'text_delta', text })),
  };
}

const envelope = (facts: Facts): JsonObject => ({
  id: `msg_${facts.serial}`,
  type: 'message',
  role: 'assistant',
  model: facts.model,
});

const inputUsage = (facts: Facts): JsonObject => ({
  input_tokens: facts.input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: facts.cached,
});

/** An answer's finish reason is chat's word; these are the ones of this format. */
const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
};

function stopReason(answer: Answer): string {
  const reason = answer.finishReason ?? (answer.toolCalls === undefined ? 'stop' : 'tool_calls');
  return STOP_REASONS[reason] ?? reason;
}
