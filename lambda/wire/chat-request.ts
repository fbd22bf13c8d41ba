/** Where text lives in a /v1/chat/completions request. */
import { DETAIL_MEMBERS, TEXT_MEMBERS } from './chat-lanes.ts';
import { asArray, asObject, asString, isAbsent, isArray, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent, Role } from './lane.ts';
import { TextCollector } from './located.ts';
import type { Author } from './located.ts';
import { partTexts } from './text-parts.ts';
import type { LocatedText, RequestFault } from './wire-format.ts';

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['developer', 'developer'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

export function checkChatRequest(body: JsonObject): RequestFault | undefined {
  const { messages } = body;
  if (!isArray(messages) || messages.length === 0) {
    return { param: 'messages', message: 'messages must be an array with at least one message' };
  }
  for (const [index, message] of messages.entries()) {
    const fault = checkMessage(message, `messages.${index}`);
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
  for (const [member, content] of TEXT_MEMBERS) {
    if (isAbsent(message[member])) continue;
    if (member === 'content') addContent(collector, message[member], [...at, member], author);
    else addParts(collector, message[member], [...at, member], author, content);
  }
  // A tool's name is a function's; anybody else's is whatever the application calls a person.
  if (role !== 'tool') collector.add(message['name'], [...at, 'name'], author, 'message');
  addReasoningDetails(collector, message, at, author, at);
  const audio = asObject(message['audio']);
  if (audio !== undefined) {
    collector.add(audio['transcript'], [...at, 'audio', 'transcript'], author, 'transcript');
  }
  addCalls(collector, message, at, author, at);
}

/** A content that is a string or an array of parts; parts without text (images, audio, files) are passed over. */
function addContent(
  collector: TextCollector,
  content: JsonValue | undefined,
  at: JsonPath,
  author: Author,
): void {
  addParts(collector, content, at, author, author.role === 'tool' ? 'tool_result' : 'message');
}

function addParts(
  collector: TextCollector,
  value: JsonValue | undefined,
  at: JsonPath,
  author: Author,
  content: LaneContent,
): void {
  for (const part of partTexts(value, at, content)) collector.add(part.text, part.at, author, part.content);
}

/** The arguments of a message's tool calls, in requests and in whole replies. @param lanePath of the message. */
export function addCalls(
  collector: TextCollector,
  message: JsonObject,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath,
): void {
  const laneOf = (path: JsonPath): JsonPath => [...lanePath, ...path.slice(at.length)];
  const addArguments = (call: JsonObject | undefined, holder: JsonPath): void => {
    const place = [...holder, 'arguments'];
    const more = { tool: asString(call?.['name']), lanePath: laneOf(place) };
    collector.add(call?.['arguments'], place, author, 'tool_arguments', { ...more, form: 'json' });
    // Some vendors send them as JSON itself.
    collector.addEmbedded(call?.['arguments'], place, author, 'tool_arguments', more);
  };
  for (const [index, value] of asArray(message['tool_calls']).entries()) {
    const call = asObject(value);
    const place = [...at, 'tool_calls', index];
    addArguments(asObject(call?.['function']), [...place, 'function']);
    const input = [...place, 'custom', 'input'];
    collector.add(asObject(call?.['custom'])?.['input'], input, author, 'tool_arguments', {
      lanePath: laneOf(input),
    });
  }
  const old = asObject(message['function_call']);
  if (old !== undefined) addArguments(old, [...at, 'function_call']);
}

/** `reasoning_details[].text` and `.summary`, in requests and in whole replies. @param lanePath of the message. */
export function addReasoningDetails(
  collector: TextCollector,
  message: JsonObject,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath,
): void {
  for (const [index, value] of asArray(message['reasoning_details']).entries()) {
    for (const member of DETAIL_MEMBERS) {
      const place = ['reasoning_details', index, member];
      collector.add(asObject(value)?.[member], [...at, ...place], author, 'reasoning', {
        lanePath: [...lanePath, ...place],
      });
    }
  }
}
