/** Where text lives in one chunk of a streamed /v1/chat/completions reply. */
import { addAnnotations, addReplyMessage, PLAIN_LANES } from './chat-reply.ts';
import { openAiFinishReason } from './finish-reason.ts';
import { asArray, asNumber, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import type { ChunkReading, Delta, Repair } from './wire-format.ts';

interface Draft {
  readonly deltas: Delta[];
  readonly collector: TextCollector;
  readonly ends: string[];
  readonly repairs: Repair[];
  hasContent: boolean;
  finishReason?: string;
}

export function readChatChunk(data: JsonObject, _event: string | undefined, source: string): ChunkReading {
  const draft: Draft = {
    deltas: [],
    collector: new TextCollector(source),
    ends: [],
    repairs: [],
    hasContent: false,
  };
  const choices = asArray(data['choices']);
  for (let at = 0; at < choices.length; at += 1) {
    const choice = choices[at];
    if (isObject(choice)) readChoice(draft, choice, at);
  }
  // The official client's stream helper dies of a chunk without choices.
  if (!Array.isArray(data['choices'])) draft.repairs.push({ path: ['choices'], json: '[]' });
  const isAccounting = choices.length === 0 && (isObject(data['usage']) || isObject(data['meta']));
  const { collector, ...rest } = draft;
  return { ...rest, wholes: collector.texts, isFinal: false, isAccounting };
}

function readChoice(draft: Draft, choice: JsonObject, at: number): void {
  const index = asNumber(choice['index']) ?? at;
  const delta = asObject(choice['delta']);
  if (delta !== undefined) readDelta(draft, delta, at, index, shadow(choice, 'logprobs', ['choices', at]));
  const message = asObject(choice['message']);
  if (message !== undefined) {
    addReplyMessage(draft.collector, message, ['choices', at], choice);
    if (draft.collector.texts.length > 0) draft.hasContent = true;
  }
  const reason = asString(choice['finish_reason']);
  if (reason === undefined) return;
  draft.finishReason = reason;
  draft.ends.push(`${index}/`);
  const mapped = openAiFinishReason(reason);
  if (mapped !== undefined && mapped !== reason) {
    draft.repairs.push({ path: ['choices', at, 'finish_reason'], json: JSON.stringify(mapped) });
  }
}

function readDelta(
  draft: Draft,
  delta: JsonObject,
  at: number,
  index: number,
  shadows: readonly JsonPath[],
): void {
  for (const [member, content] of PLAIN_LANES) {
    const text = delta[member];
    if (typeof text === 'string' && text !== '') {
      addDelta(draft, text, ['choices', at, 'delta', member], index, member, content, shadows);
    }
  }
  if (delta['reasoning_details'] !== undefined) readDetails(draft, delta, at, index);
  if (delta['tool_calls'] !== undefined) readToolCalls(draft, delta, at, index);
  if (delta['function_call'] !== undefined) {
    readCall(
      draft,
      asObject(delta['function_call']),
      ['choices', at, 'delta', 'function_call'],
      index,
      'function_call',
    );
  }
  const transcript = asString(asObject(delta['audio'])?.['transcript']);
  if (transcript !== undefined && transcript !== '') {
    const path = ['choices', at, 'delta', 'audio', 'transcript'];
    addDelta(draft, transcript, path, index, 'audio/transcript', 'transcript');
  }
  if (delta['annotations'] !== undefined) {
    addAnnotations(draft.collector, delta, ['choices', at, 'delta']);
  }
}

function addDelta(
  draft: Draft,
  text: string,
  at: JsonPath,
  index: number,
  member: string,
  content: LaneContent,
  shadows: readonly JsonPath[] = [],
): void {
  draft.hasContent = true;
  draft.deltas.push({
    key: `${index}/${member}`,
    lane: { ...ASSISTANT, content, path: `/choices/${index}/message/${member}` },
    at,
    text,
    form: 'text',
    ...(shadows.length > 0 && { shadows }),
  });
}

function readDetails(draft: Draft, delta: JsonObject, at: number, index: number): void {
  for (const [position, value] of asArray(delta['reasoning_details']).entries()) {
    const detail = asObject(value);
    const number = asNumber(detail?.['index']) ?? position;
    for (const member of ['text', 'summary']) {
      const text = asString(detail?.[member]);
      if (text === undefined || text === '') continue;
      const path = ['choices', at, 'delta', 'reasoning_details', position, member];
      addDelta(draft, text, path, index, `reasoning_details/${number}/${member}`, 'reasoning');
    }
  }
}

function readToolCalls(draft: Draft, delta: JsonObject, at: number, index: number): void {
  for (const [position, value] of asArray(delta['tool_calls']).entries()) {
    const call = asObject(value);
    const number = asNumber(call?.['index']) ?? position;
    const path = ['choices', at, 'delta', 'tool_calls', position];
    const member = `tool_calls/${number}`;
    if (call?.['function'] !== undefined) {
      readCall(draft, asObject(call['function']), [...path, 'function'], index, `${member}/function`);
    }
    const input = asString(asObject(call?.['custom'])?.['input']);
    if (input !== undefined && input !== '') {
      addDelta(draft, input, [...path, 'custom', 'input'], index, `${member}/custom/input`, 'tool_arguments');
    }
  }
}

function readCall(
  draft: Draft,
  call: JsonObject | undefined,
  at: JsonPath,
  index: number,
  member: string,
): void {
  // A call's name reaches the caller as the beginning of an answer, even before its first argument.
  draft.hasContent = true;
  const text = asString(call?.['arguments']);
  if (text === undefined || text === '') return;
  const tool = asString(call?.['name']);
  draft.deltas.push({
    key: `${index}/${member}/arguments`,
    lane: {
      ...ASSISTANT,
      content: 'tool_arguments',
      path: `/choices/${index}/message/${member}/arguments`,
      ...(tool !== undefined && { tool }),
    },
    at: [...at, 'arguments'],
    text,
    form: 'json',
  });
}
