/** The wire format of /v1/messages, Anthropic's. */
import { addCitation } from './citations.ts';
import { asNumber, asObject, asString } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, located, TextCollector } from './located.ts';
import {
  addBlock,
  addContent,
  checkMessagesRequest,
  messagesReplyTexts,
  messagesRequestTexts,
} from './messages-texts.ts';
import { NO_READING } from './wire-format.ts';
import type { ChunkReading, LocatedText, WireFormat } from './wire-format.ts';

export const messagesFormat: WireFormat = {
  route: 'messages',
  upstreamPath: '/messages',
  checkRequest: checkMessagesRequest,
  requestTexts: messagesRequestTexts,
  replyTexts: messagesReplyTexts,
  replyRepairs: () => [],
  replyFinishReason: (body) => asString(body['stop_reason']),
  readChunk,
  partable: (data) =>
    data['type'] === 'content_block_delta' && data['index'] !== undefined ? [] : undefined,
  repeatsTexts: false,
  hasDone: false,
  asksForUsage: false,
};

function readChunk(data: JsonObject, _event: string | undefined, source: string): ChunkReading {
  const index = asNumber(data['index']) ?? 0;
  switch (data['type']) {
    case 'message_start':
      return messageStart(asObject(data['message']) ?? {}, source);
    case 'content_block_start':
      return blockStart(asObject(data['content_block']) ?? {}, index, source);
    case 'content_block_delta':
      return blockDelta(asObject(data['delta']) ?? {}, index, source);
    case 'content_block_stop':
      return { ...NO_READING, ends: [`/content/${index}/`] };
    case 'message_delta': {
      const finishReason = asString(asObject(data['delta'])?.['stop_reason']);
      return { ...NO_READING, ...(finishReason !== undefined && { finishReason }) };
    }
    case 'message_stop':
      return { ...NO_READING, ends: [''], isFinal: true };
    default:
      // AIML API's cost comes as a bare frame behind the end.
      return { ...NO_READING, isAccounting: data['type'] === undefined && data['meta'] !== undefined };
  }
}

function messageStart(message: JsonObject, source: string): ChunkReading {
  const collector = new TextCollector(source);
  addContent(collector, message['content'], ['message', 'content'], ASSISTANT);
  return { ...NO_READING, wholes: collector.texts };
}

/** Members of a delta, and of a block that begins, that hold text of the block's lanes. */
const LANES: readonly (readonly [string, LaneContent])[] = [
  ['text', 'message'],
  ['thinking', 'reasoning'],
  ['partial_json', 'tool_arguments'],
  ['content', 'message'],
];

/** A block may begin with text of its own; it is part of the block's lane. */
function blockStart(block: JsonObject, index: number, source: string): ChunkReading {
  const deltas = deltasOf(block, ['content_block'], index);
  const collector = new TextCollector(source);
  addBlock(collector, withoutLanes(block), ['content_block'], ASSISTANT, ['content', index]);
  const hasContent = deltas.length > 0 || collector.texts.length > 0 || block['name'] !== undefined;
  return { ...NO_READING, deltas, wholes: collector.texts, hasContent };
}

function blockDelta(part: JsonObject, index: number, source: string): ChunkReading {
  const deltas = deltasOf(part, ['delta'], index);
  const collector = new TextCollector(source);
  addBlock(collector, withoutLanes(part), ['delta'], ASSISTANT, ['content', index]);
  addCitation(collector, part['citation'], ['delta', 'citation'], ASSISTANT);
  return { ...NO_READING, deltas, wholes: collector.texts, hasContent: deltas.length > 0 };
}

/** What is left of a block when its lanes are read. */
function withoutLanes(block: JsonObject): JsonObject {
  const isLane = (member: string): boolean => LANES.some(([lane]) => lane === member);
  return Object.fromEntries(
    Object.entries(block).filter(([member, value]) => typeof value !== 'string' || !isLane(member)),
  );
}

function deltasOf(holder: JsonObject, at: JsonPath, index: number): readonly LocatedText[] {
  return LANES.flatMap(([member, content]) => {
    const text = holder[member];
    if (typeof text !== 'string' || text === '') return [];
    const isJson = member === 'partial_json';
    const lanePath = ['content', index, isJson ? 'input' : member];
    return [located(text, [...at, member], ASSISTANT, content, { form: isJson ? 'json' : 'text', lanePath })];
  });
}
