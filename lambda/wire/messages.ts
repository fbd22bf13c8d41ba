/** The wire format of /v1/messages, Anthropic's. */
import { asNumber, asObject, asString } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, TextCollector } from './located.ts';
import {
  addBlock,
  addCitation,
  checkMessagesRequest,
  messagesReplyTexts,
  messagesRequestTexts,
} from './messages-texts.ts';
import type { ChunkReading, Delta, WireFormat } from './wire-format.ts';

export const messagesFormat: WireFormat = {
  route: 'messages',
  upstreamPath: '/messages',
  checkRequest: checkMessagesRequest,
  requestTexts: messagesRequestTexts,
  replyTexts: messagesReplyTexts,
  replyRepairs: () => [],
  replyFinishReason: (body) => asString(body['stop_reason']),
  readChunk,
  hasDone: false,
  asksForUsage: false,
};

const NOTHING: ChunkReading = {
  deltas: [],
  wholes: [],
  ends: [],
  hasContent: false,
  isFinal: false,
  isAccounting: false,
  repairs: [],
};

function readChunk(data: JsonObject, _event: string | undefined, source: string): ChunkReading {
  const index = asNumber(data['index']) ?? 0;
  switch (data['type']) {
    case 'message_start': {
      const message = asObject(data['message']) ?? {};
      const wholes = prefixed(messagesReplyTexts(message, JSON.stringify(message)), ['message']);
      return { ...NOTHING, wholes };
    }
    case 'content_block_start':
      return blockStart(asObject(data['content_block']) ?? {}, index, source);
    case 'content_block_delta':
      return blockDelta(asObject(data['delta']) ?? {}, index, source);
    case 'content_block_stop':
      return { ...NOTHING, ends: [`${index}/`] };
    case 'message_delta': {
      const finishReason = asString(asObject(data['delta'])?.['stop_reason']);
      return { ...NOTHING, ...(finishReason !== undefined && { finishReason }) };
    }
    case 'message_stop':
      return { ...NOTHING, ends: [''], isFinal: true };
    default:
      // AIML API's cost comes as a bare frame behind the end.
      return { ...NOTHING, isAccounting: data['type'] === undefined && data['meta'] !== undefined };
  }
}

/** A block may begin with text of its own; it is part of the block's lane. */
function blockStart(block: JsonObject, index: number, source: string): ChunkReading {
  const at: JsonPath = ['content_block'];
  const deltas = ['text', 'thinking'].flatMap((member) => {
    const text = asString(block[member]);
    return text === undefined || text === '' ? [] : [delta(text, [...at, member], index, member)];
  });
  const collector = new TextCollector(source);
  const { text: _text, thinking: _thinking, ...others } = block;
  addBlock(collector, others, at, ASSISTANT);
  const hasContent = deltas.length > 0 || collector.texts.length > 0 || block['type'] === 'tool_use';
  return { ...NOTHING, deltas, wholes: collector.texts, hasContent };
}

function blockDelta(part: JsonObject, index: number, source: string): ChunkReading {
  for (const member of ['text', 'thinking', 'partial_json']) {
    const text = asString(part[member]);
    if (text !== undefined && text !== '') {
      return { ...NOTHING, deltas: [delta(text, ['delta', member], index, member)], hasContent: true };
    }
  }
  const collector = new TextCollector(source);
  addCitation(collector, asObject(part['citation']), ['delta', 'citation'], ASSISTANT);
  return { ...NOTHING, wholes: collector.texts };
}

const CONTENT: Readonly<Record<string, LaneContent>> = {
  text: 'message',
  thinking: 'reasoning',
  partial_json: 'tool_arguments',
};

function delta(text: string, at: JsonPath, index: number, member: string): Delta {
  const isJson = member === 'partial_json';
  return {
    key: `${index}/${member}`,
    lane: {
      ...ASSISTANT,
      content: CONTENT[member] ?? 'message',
      path: `/content/${index}/${isJson ? 'input' : member}`,
    },
    at,
    text,
    form: isJson ? 'json' : 'text',
  };
}

function prefixed<T extends { readonly at: JsonPath }>(texts: readonly T[], prefix: JsonPath): readonly T[] {
  return texts.map((text) => ({ ...text, at: [...prefix, ...text.at] }));
}
