/** The Responses format: output items whole, and the events that build them up one by one. */
import { textOf, tokensOf } from './tokens.ts';
import type { Answer, ToolCall } from './answer.ts';
import type { Facts } from './exchange.ts';
import type { JsonObject } from './json.ts';

/** The whole answer. */
export function responsesReply(answer: Answer, facts: Facts): object {
  return response(facts, 'completed', outputItems(answer, facts));
}

/** The streamed answer; each event names its type, which is also the SSE event name. */
export function responsesFrames(answer: Answer, facts: Facts): readonly JsonObject[] {
  const items = outputItems(answer, facts);
  const opening = response(facts, 'in_progress', []);
  const events: readonly JsonObject[] = [
    { type: 'response.created', response: opening },
    { type: 'response.in_progress', response: opening },
    ...items.flatMap((item, index) => itemEvents(item, index, answer)),
    { type: 'response.completed', response: response(facts, 'completed', items) },
  ];
  return events.map((event, sequence) => ({ ...event, sequence_number: sequence }));
}

type Item = JsonObject & { readonly id: string; readonly kind: 'reasoning' | 'message' | ToolCall };

function response(facts: Facts, status: string, items: readonly Item[]): JsonObject {
  const done = status === 'completed';
  return {
    id: `resp_${facts.serial}`,
    object: 'response',
    created_at: facts.created,
    status,
    error: null,
    incomplete_details: null,
    model: facts.model,
    output: items.map(withoutKind),
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: done ? usageOf(facts) : null,
    ...(done ? { meta: { usage: facts.cost } } : {}),
  };
}

/** The kind is for building events only. */
const withoutKind = (item: Item): JsonObject =>
  Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'kind'));

function outputItems(answer: Answer, facts: Facts): readonly Item[] {
  const { serial } = facts;
  const reasoning: Item = {
    kind: 'reasoning',
    id: `rs_${serial}`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: textOf(answer.reasoning ?? '') }],
  };
  const message: Item = {
    kind: 'message',
    id: `msg_${serial}`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [contentPart(answer, textOf(answer.text ?? ''))],
  };
  const calls = (answer.toolCalls ?? []).map((call, index): Item => ({
    kind: call,
    id: `fc_${serial}${index}`,
    type: 'function_call',
    status: 'completed',
    call_id: `call_${serial}${index}`,
    name: call.name,
    arguments: call.arguments,
  }));
  const speaks = answer.text !== undefined || answer.refusal !== undefined;
  return [...(answer.reasoning === undefined ? [] : [reasoning]), ...(speaks ? [message] : []), ...calls];
}

const contentPart = (answer: Answer, text: string): JsonObject =>
  answer.refusal === undefined
    ? { type: 'output_text', text, annotations: [] }
    : { type: 'refusal', refusal: answer.refusal };

function itemEvents({ kind, ...item }: Item, index: number, answer: Answer): readonly JsonObject[] {
  const place = { item_id: item.id, output_index: index };
  const [empty, inner] =
    kind === 'reasoning'
      ? [{ summary: [] }, reasoningEvents(place, answer)]
      : kind === 'message'
        ? [{ content: [] }, messageEvents(place, answer)]
        : [{ arguments: '' }, callEvents(place, kind)];
  const added = { ...item, ...empty, status: 'in_progress' };
  return [
    { type: 'response.output_item.added', output_index: index, item: added },
    ...inner,
    { type: 'response.output_item.done', output_index: index, item },
  ];
}

function reasoningEvents(place: JsonObject, answer: Answer): readonly JsonObject[] {
  const at = { ...place, summary_index: 0 };
  const part = (text: string): JsonObject => ({ type: 'summary_text', text });
  const whole = textOf(answer.reasoning ?? '');
  return [
    { type: 'response.reasoning_summary_part.added', ...at, part: part('') },
    ...tokensOf(answer.reasoning ?? '').map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      ...at,
      delta,
    })),
    { type: 'response.reasoning_summary_text.done', ...at, text: whole },
    { type: 'response.reasoning_summary_part.done', ...at, part: part(whole) },
  ];
}

function messageEvents(place: JsonObject, answer: Answer): readonly JsonObject[] {
  const at = { ...place, content_index: 0 };
  const refuses = answer.refusal !== undefined;
  const spoken = answer.refusal ?? answer.text ?? '';
  const name = refuses ? 'response.refusal' : 'response.output_text';
  const whole = textOf(spoken);
  const empty = refuses ? { type: 'refusal', refusal: '' } : contentPart(answer, '');
  return [
    { type: 'response.content_part.added', ...at, part: empty },
    ...tokensOf(spoken).map((delta) => ({ type: `${name}.delta`, ...at, delta })),
    { type: `${name}.done`, ...at, ...(refuses ? { refusal: whole } : { text: whole }) },
    { type: 'response.content_part.done', ...at, part: contentPart(answer, whole) },
  ];
}

function callEvents(place: JsonObject, call: ToolCall): readonly JsonObject[] {
  const name = 'response.function_call_arguments';
  return [
    ...tokensOf(call.arguments).map((delta) => ({ type: `${name}.delta`, ...place, delta })),
    { type: `${name}.done`, ...place, name: call.name, arguments: call.arguments },
  ];
}

function usageOf(facts: Facts): JsonObject {
  return {
    input_tokens: facts.input,
    input_tokens_details: { cached_tokens: facts.cached },
    output_tokens: facts.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: facts.input + facts.output,
  };
}
