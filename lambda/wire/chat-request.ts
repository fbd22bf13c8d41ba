/** Where text lives in a /v1/chat/completions request. */
import type { Lane, LaneContent, Role } from './lane.ts';
import { asArray, asObject, asString, isObject, toPointer } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
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

export function chatRequestTexts(body: JsonObject): readonly LocatedText[] {
  const texts: LocatedText[] = [];
  for (const [index, value] of asArray(body['messages']).entries()) {
    const message = asObject(value);
    if (message !== undefined) addMessage(texts, message, ['messages', index]);
  }
  const prediction = asObject(body['prediction']);
  if (prediction !== undefined) {
    addContent(texts, prediction['content'], ['prediction', 'content'], 'assistant', 'message');
  }
  return texts;
}

function addMessage(texts: LocatedText[], message: JsonObject, at: JsonPath): void {
  const role = ROLES.get(asString(message['role']) ?? '') ?? 'user';
  addContent(
    texts,
    message['content'],
    [...at, 'content'],
    role,
    role === 'tool' ? 'tool_result' : 'message',
  );
  for (const [member, content] of EARLIER_TEXTS) {
    addText(texts, message[member], [...at, member], role, content);
  }
  addReasoningDetails(texts, message, at, 'input', role);
  addText(
    texts,
    asObject(message['audio'])?.['transcript'],
    [...at, 'audio', 'transcript'],
    role,
    'transcript',
  );
  for (const [index, call] of asArray(message['tool_calls']).entries()) {
    addCall(texts, asObject(asObject(call)?.['function']), [...at, 'tool_calls', index, 'function'], role);
    const custom = asObject(asObject(call)?.['custom']);
    addText(
      texts,
      custom?.['input'],
      [...at, 'tool_calls', index, 'custom', 'input'],
      role,
      'tool_arguments',
    );
  }
  addCall(texts, asObject(message['function_call']), [...at, 'function_call'], role);
}

/** A content that is a string or an array of parts; parts without text (images, audio, files) are passed over. */
function addContent(
  texts: LocatedText[],
  content: JsonValue | undefined,
  at: JsonPath,
  role: Role,
  kind: LaneContent,
): void {
  addText(texts, content, at, role, kind);
  for (const [index, value] of asArray(content).entries()) {
    const part = asObject(value);
    addText(texts, part?.['text'], [...at, index, 'text'], role, kind);
    addText(texts, part?.['refusal'], [...at, index, 'refusal'], role, 'refusal');
  }
}

function addText(
  texts: LocatedText[],
  value: JsonValue | undefined,
  at: JsonPath,
  role: Role,
  content: LaneContent,
): void {
  if (typeof value === 'string' && value !== '') {
    texts.push({
      lane: { phase: 'input', role, content, path: toPointer(at) },
      at,
      text: value,
      form: 'text',
    });
  }
}

function addCall(texts: LocatedText[], call: JsonObject | undefined, at: JsonPath, role: Role): void {
  const text = asString(call?.['arguments']);
  if (text === undefined || text === '') return;
  const tool = asString(call?.['name']);
  const path = [...at, 'arguments'];
  const lane: Lane = {
    phase: 'input',
    role,
    content: 'tool_arguments',
    path: toPointer(path),
    ...(tool !== undefined && { tool }),
  };
  texts.push({ lane, at: path, text, form: 'json' });
}

/** `reasoning_details[].text` and `.summary`, in requests and in whole replies. */
export function addReasoningDetails(
  texts: LocatedText[],
  message: JsonObject,
  at: JsonPath,
  phase: 'input' | 'output',
  role: Role,
): void {
  for (const [index, value] of asArray(message['reasoning_details']).entries()) {
    const detail = asObject(value);
    for (const member of ['text', 'summary']) {
      const text = asString(detail?.[member]);
      if (text === undefined || text === '') continue;
      const path = [...at, 'reasoning_details', index, member];
      texts.push({
        lane: { phase, role, content: 'reasoning', path: toPointer(path) },
        at: path,
        text,
        form: 'text',
      });
    }
  }
}
