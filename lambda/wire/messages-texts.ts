/** Where text lives in Anthropic's content blocks, in requests and in replies. */
import { asArray, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { Role } from './lane.ts';
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

/** A content: a string, or an array of blocks. */
function addContent(
  collector: TextCollector,
  content: JsonValue | undefined,
  at: JsonPath,
  author: Author,
): void {
  collector.add(content, at, author, author.role === 'tool' ? 'tool_result' : 'message');
  for (const [index, value] of asArray(content).entries()) {
    const block = asObject(value);
    if (block !== undefined) addBlock(collector, block, [...at, index], author);
  }
}

/** Blocks without text (images, redacted thinking, types of tomorrow) are passed over. */
export function addBlock(collector: TextCollector, block: JsonObject, at: JsonPath, author: Author): void {
  const content = author.role === 'tool' ? 'tool_result' : 'message';
  collector.add(block['text'], [...at, 'text'], author, content);
  collector.add(block['thinking'], [...at, 'thinking'], author, 'reasoning');
  collector.addEmbedded(block['input'], [...at, 'input'], author, asString(block['name']));
  const inner: Author = author.phase === 'input' ? { phase: 'input', role: 'tool' } : author;
  addContent(collector, block['content'], [...at, 'content'], inner);
  const source = asObject(block['source']);
  if (source?.['type'] === 'text') collector.add(source['data'], [...at, 'source', 'data'], author, content);
  for (const member of ['title', 'context']) {
    collector.add(block[member], [...at, member], author, 'annotation');
  }
  for (const [index, value] of asArray(block['citations']).entries()) {
    addCitation(collector, asObject(value), [...at, 'citations', index], author);
  }
}

export function addCitation(
  collector: TextCollector,
  citation: JsonObject | undefined,
  at: JsonPath,
  author: Author,
): void {
  for (const member of ['cited_text', 'document_title', 'title']) {
    collector.add(citation?.[member], [...at, member], author, 'annotation');
  }
}
