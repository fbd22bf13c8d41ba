/** Where text lives in a whole /v1/chat/completions reply. */
import { addReasoningDetails } from './chat-request.ts';
import { openAiFinishReason } from './finish-reason.ts';
import { asArray, asObject, asString, toPointer } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import type { LocatedText, Repair } from './wire-format.ts';

/** Members of a message or delta that are lanes of plain text. */
export const PLAIN_LANES: readonly (readonly [string, LaneContent])[] = [
  ['content', 'message'],
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['refusal', 'refusal'],
];

export function chatReplyTexts(body: JsonObject): readonly LocatedText[] {
  const texts: LocatedText[] = [];
  for (const [index, choice] of asArray(body['choices']).entries()) {
    const message = asObject(asObject(choice)?.['message']);
    if (message !== undefined) addReplyMessage(texts, message, ['choices', index]);
  }
  return texts;
}

/** The texts of one choice's `message`; `at` is the choice. */
export function addReplyMessage(texts: LocatedText[], message: JsonObject, at: JsonPath): void {
  const shadows: readonly JsonPath[] = [[...at, 'logprobs']];
  const add = (text: unknown, path: JsonPath, content: LaneContent): void => {
    if (typeof text !== 'string' || text === '') return;
    const lane = { phase: 'output', role: 'assistant', content, path: toPointer(path) } as const;
    texts.push({ lane, at: path, text, form: 'text', shadows });
  };
  for (const [member, content] of PLAIN_LANES) add(message[member], [...at, 'message', member], content);
  for (const [index, part] of asArray(message['content']).entries()) {
    add(asObject(part)?.['text'], [...at, 'message', 'content', index, 'text'], 'message');
  }
  addReasoningDetails(texts, message, [...at, 'message'], 'output', 'assistant');
  add(asObject(message['audio'])?.['transcript'], [...at, 'message', 'audio', 'transcript'], 'transcript');
  addAnnotations(add, message, [...at, 'message']);
  for (const [index, call] of asArray(message['tool_calls']).entries()) {
    addArguments(texts, asObject(asObject(call)?.['function']), [
      ...at,
      'message',
      'tool_calls',
      index,
      'function',
    ]);
    const custom = asObject(asObject(call)?.['custom']);
    add(custom?.['input'], [...at, 'message', 'tool_calls', index, 'custom', 'input'], 'tool_arguments');
  }
  addArguments(texts, asObject(message['function_call']), [...at, 'message', 'function_call']);
}

function addAnnotations(
  add: (text: unknown, path: JsonPath, content: LaneContent) => void,
  message: JsonObject,
  at: JsonPath,
): void {
  for (const [index, annotation] of asArray(message['annotations']).entries()) {
    const citation = asObject(asObject(annotation)?.['url_citation']);
    for (const member of ['title', 'content']) {
      add(citation?.[member], [...at, 'annotations', index, 'url_citation', member], 'annotation');
    }
  }
}

function addArguments(texts: LocatedText[], call: JsonObject | undefined, at: JsonPath): void {
  const text = asString(call?.['arguments']);
  if (text === undefined || text === '') return;
  const tool = asString(call?.['name']);
  const path = [...at, 'arguments'];
  texts.push({
    lane: {
      phase: 'output',
      role: 'assistant',
      content: 'tool_arguments',
      path: toPointer(path),
      ...(tool !== undefined && { tool }),
    },
    at: path,
    text,
    form: 'json',
  });
}

/** Vendors' own finish reasons become OpenAI's, which is what the clients branch on. */
export function chatReplyRepairs(body: JsonObject): readonly Repair[] {
  return asArray(body['choices']).flatMap((choice, index) => {
    const reason = asString(asObject(choice)?.['finish_reason']);
    const mapped = openAiFinishReason(reason);
    return mapped === reason || mapped === undefined
      ? []
      : [{ path: ['choices', index, 'finish_reason'], json: JSON.stringify(mapped) }];
  });
}

export function chatReplyFinishReason(body: JsonObject): string | undefined {
  return asString(asObject(asArray(body['choices'])[0])?.['finish_reason']);
}
