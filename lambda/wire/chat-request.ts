/** Where text lives in a /v1/chat/completions request. */
import { asArray, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent, Role } from './lane.ts';
import { TextCollector } from './located.ts';
import type { Author } from './located.ts';
import type { LocatedText, RequestFault } from './wire-format.ts';

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['developer', 'developer'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/** Members of a message that hold its author's reasoning or refusal, when an earlier answer is sent back. */
const EARLIER_TEXTS: readonly (readonly [string, LaneContent])[] = [
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['refusal', 'refusal'],
];

export function checkChatRequest(body: JsonObject): RequestFault | undefined {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    return { param: 'messages', message: 'messages must be an array with at least one message' };
  }
  for (const [index, message] of messages.entries()) {
    const fault = checkMessage(message as JsonValue, `messages.${index}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function checkMessage(message: JsonValue, place: string): RequestFault | undefined {
  if (!isObject(message)) return { param: place, message: `${place} must be an object` };
  const { role, content, tool_calls: calls } = message;
  if (typeof role !== 'string' || !ROLES.has(role)) {
    return {
      param: `${place}.role`,
      message: `${place}.role must be one of ${[...ROLES.keys()].join(', ')}`,
    };
  }
  if (content !== undefined && content !== null && typeof content !== 'string' && !Array.isArray(content)) {
    return {
      param: `${place}.content`,
      message: `${place}.content must be a string, an array of parts or null`,
    };
  }
  if (calls !== undefined && calls !== null && !Array.isArray(calls)) {
    return { param: `${place}.tool_calls`, message: `${place}.tool_calls must be an array` };
  }
  for (const [index, part] of asArray(content).entries()) {
    if (!isObject(part)) {
      return { param: `${place}.content.${index}`, message: `${place}.content.${index} must be an object` };
    }
    if (part['type'] === 'text' && typeof part['text'] !== 'string') {
      return {
        param: `${place}.content.${index}.text`,
        message: `${place}.content.${index}.text must be a string`,
      };
    }
  }
  return undefined;
}

export function chatRequestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  for (const [index, value] of asArray(body['messages']).entries()) {
    const message = asObject(value);
    if (message !== undefined) addMessage(collector, message, ['messages', index]);
  }
  const prediction = asObject(body['prediction']);
  const assistant: Author = { phase: 'input', role: 'assistant' };
  addContent(collector, prediction?.['content'], ['prediction', 'content'], assistant);
  return collector.texts;
}

function addMessage(collector: TextCollector, message: JsonObject, at: JsonPath): void {
  const role = ROLES.get(asString(message['role']) ?? '') ?? 'user';
  const author: Author = { phase: 'input', role };
  addContent(collector, message['content'], [...at, 'content'], author);
  for (const [member, content] of EARLIER_TEXTS)
    collector.add(message[member], [...at, member], author, content);
  addReasoningDetails(collector, message, at, author);
  const transcript = asObject(message['audio'])?.['transcript'];
  collector.add(transcript, [...at, 'audio', 'transcript'], author, 'transcript');
  addCalls(collector, message, at, author);
}

/** A content that is a string or an array of parts; parts without text (images, audio, files) are passed over. */
function addContent(
  collector: TextCollector,
  content: JsonValue | undefined,
  at: JsonPath,
  author: Author,
): void {
  const kind = author.role === 'tool' ? 'tool_result' : 'message';
  collector.add(content, at, author, kind);
  for (const [index, value] of asArray(content).entries()) {
    const part = asObject(value);
    collector.add(part?.['text'], [...at, index, 'text'], author, kind);
    collector.add(part?.['refusal'], [...at, index, 'refusal'], author, 'refusal');
  }
}

/** The arguments of a message's tool calls, in requests and in whole replies. */
export function addCalls(collector: TextCollector, message: JsonObject, at: JsonPath, author: Author): void {
  const addArguments = (call: JsonObject | undefined, place: JsonPath): void => {
    const tool = asString(call?.['name']);
    collector.add(call?.['arguments'], [...place, 'arguments'], author, 'tool_arguments', {
      form: 'json',
      tool,
    });
  };
  for (const [index, value] of asArray(message['tool_calls']).entries()) {
    const call = asObject(value);
    const place = [...at, 'tool_calls', index];
    addArguments(asObject(call?.['function']), [...place, 'function']);
    const custom = asObject(call?.['custom']);
    collector.add(custom?.['input'], [...place, 'custom', 'input'], author, 'tool_arguments');
  }
  addArguments(asObject(message['function_call']), [...at, 'function_call']);
}

/** `reasoning_details[].text` and `.summary`, in requests and in whole replies. */
export function addReasoningDetails(
  collector: TextCollector,
  message: JsonObject,
  at: JsonPath,
  author: Author,
): void {
  for (const [index, value] of asArray(message['reasoning_details']).entries()) {
    const detail = asObject(value);
    for (const member of ['text', 'summary']) {
      collector.add(detail?.[member], [...at, 'reasoning_details', index, member], author, 'reasoning');
    }
  }
}
