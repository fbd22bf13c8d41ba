/** Where text lives in Anthropic's content blocks, in requests and in replies. */
import { addCitation } from './citations.ts';
import { asArray, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent, Role } from './lane.ts';
import { ASSISTANT, TextCollector } from './located.ts';
import type { Author } from './located.ts';
import type { LocatedText, RequestFault } from './wire-format.ts';

const ROLES: ReadonlySet<string> = new Set(['user', 'assistant']);

export function checkMessagesRequest(body: JsonObject): RequestFault | undefined {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    return { param: 'messages', message: 'messages must be an array with at least one message' };
  }
  for (const [index, value] of asArray(messages).entries()) {
    const place = `messages.${index}`;
    if (!isObject(value)) return { param: place, message: `${place} must be an object` };
    const { role, content } = value;
    if (typeof role !== 'string' || !ROLES.has(role)) {
      return { param: `${place}.role`, message: `${place}.role must be user or assistant` };
    }
    if (typeof content !== 'string' && !Array.isArray(content)) {
      return {
        param: `${place}.content`,
        message: `${place}.content must be a string or an array of blocks`,
      };
    }
  }
  return undefined;
}

export function messagesRequestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  addContent(collector, body['system'], ['system'], { phase: 'input', role: 'system' });
  for (const [index, value] of asArray(body['messages']).entries()) {
    const message = asObject(value);
    const role: Role = message?.['role'] === 'assistant' ? 'assistant' : 'user';
    addContent(collector, message?.['content'], ['messages', index, 'content'], { phase: 'input', role });
  }
  return collector.texts;
}

export function messagesReplyTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  addContent(collector, body['content'], ['content'], ASSISTANT);
  return collector.texts;
}

/** A content: a string, an array of blocks, or the one block that a tool of the service gave. */
export function addContent(
  collector: TextCollector,
  content: JsonValue | undefined,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath = at,
): void {
  collector.add(content, at, author, kindOf(author), { lanePath });
  if (isObject(content)) addBlock(collector, content, at, author, lanePath);
  for (const [index, value] of asArray(content).entries()) {
    const block = asObject(value);
    const more = { lanePath: [...lanePath, index] };
    if (block === undefined) collector.add(value, [...at, index], author, kindOf(author), more);
    else addBlock(collector, block, [...at, index], author, more.lanePath);
  }
}

const kindOf = ({ role }: Author): LaneContent => (role === 'tool' ? 'tool_result' : 'message');

/** Members of a block that hold text; undefined: what the author's texts are. */
const BLOCK_TEXTS: readonly (readonly [string, LaneContent | undefined])[] = [
  ['text', undefined],
  ['thinking', 'reasoning'],
  ['stdout', 'tool_result'],
  ['stderr', 'tool_result'],
  ['title', 'annotation'],
  ['context', 'annotation'],
];

/** Blocks without text (images, redacted thinking, types of tomorrow) are passed over. */
export function addBlock(
  collector: TextCollector,
  block: JsonObject,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath = at,
): void {
  for (const [member, content] of BLOCK_TEXTS) {
    const more = { lanePath: [...lanePath, member] };
    collector.add(block[member], [...at, member], author, content ?? kindOf(author), more);
  }
  const tool = asString(block['name']);
  const input = { tool, lanePath: [...lanePath, 'input'] };
  collector.addEmbedded(block['input'], [...at, 'input'], author, 'tool_arguments', input);
  const inner: Author = author.phase === 'input' ? { phase: 'input', role: 'tool' } : author;
  addContent(collector, block['content'], [...at, 'content'], inner, [...lanePath, 'content']);
  const source = asObject(block['source']);
  if (source !== undefined && source['type'] !== 'base64') {
    const more = { lanePath: [...lanePath, 'source', 'data'] };
    collector.add(source['data'], [...at, 'source', 'data'], author, kindOf(author), more);
  }
  addContent(collector, source?.['content'], [...at, 'source', 'content'], inner, [
    ...lanePath,
    'source',
    'content',
  ]);
  for (const [index, citation] of asArray(block['citations']).entries()) {
    const place = ['citations', index];
    addCitation(collector, citation, [...at, ...place], author, [...lanePath, ...place]);
  }
}
