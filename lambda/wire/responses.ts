/** The wire format of /v1/responses. */
import { addCitation, spansOf } from './citations.ts';
import { asNumber, asObject, asString, toPointer } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import { ASSISTANT, located, shadow, TextCollector } from './located.ts';
import { logprobTexts } from './logprobs.ts';
import { outputIndex, textEventOf, unknownEventPlace } from './responses-events.ts';
import type { TextEventPlace } from './responses-events.ts';
import { addItem, addPart } from './responses-items.ts';
import {
  addOutput,
  checkResponsesRequest,
  responsesReplyTexts,
  responsesRequestTexts,
} from './responses-texts.ts';
import { partTexts } from './text-parts.ts';
import { NO_READING } from './wire-format.ts';
import type { ChunkReading, LocatedText, WireFormat } from './wire-format.ts';

export const responsesFormat: WireFormat = {
  route: 'responses',
  upstreamPath: '/responses',
  checkRequest: checkResponsesRequest,
  requestTexts: responsesRequestTexts,
  replyTexts: responsesReplyTexts,
  replyRepairs: () => [],
  replyFinishReason: finishReasonOf,
  readChunk,
  partable: (data) => (typeof data['delta'] === 'string' ? [] : undefined),
  repeatsTexts: true,
  hasDone: false,
  asksForUsage: false,
};

const FINAL: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

function readChunk(data: JsonObject, event: string | undefined, source: string): ChunkReading {
  const type = asString(data['type']) ?? event ?? '';
  const { delta } = data;
  if (delta !== undefined && delta !== null) return readDelta(data, type);
  const response = asObject(data['response']);
  if (response !== undefined) return readResponse(response, FINAL.has(type), source);
  const done = textEventOf(data, type, '.done');
  return done === undefined ? readStructure(data, type, source) : readDone(data, done, source);
}

function readDelta(data: JsonObject, type: string): ChunkReading {
  const place = textEventOf(data, type, '.delta') ?? unknownEventPlace(data, type);
  if (place === undefined) return NO_READING;
  const { content, form, lane } = place;
  const shadows = shadow(data, 'logprobs', []);
  const deltas = partTexts(data['delta'], ['delta'], content).map((part) =>
    located(part.text, part.at, ASSISTANT, content, { form, shadows, lanePath: lane }),
  );
  const hasContent = deltas.length > 0;
  if (shadows.length === 0) return { ...NO_READING, hasContent, deltas };
  const { tokens, alternatives } = logprobTexts(data['logprobs'], ['logprobs'], logprobsLane(lane));
  return { ...NO_READING, hasContent, deltas: [...deltas, ...tokens], wholes: alternatives };
}

const logprobsLane = (lane: JsonPath): JsonPath => [...lane.slice(0, -1), 'logprobs'];

function readDone(data: JsonObject, { member, content, form, lane }: TextEventPlace, source: string) {
  const collector = new TextCollector(source);
  const shadows = shadow(data, 'logprobs', []);
  collector.add(data[member], [member], ASSISTANT, content, { form, shadows, lanePath: lane });
  collector.addEmbedded(data[member], [member], ASSISTANT, content, { lanePath: lane });
  const { tokens, alternatives } = logprobTexts(data['logprobs'], ['logprobs'], logprobsLane(lane));
  // A text in a part ends with all that belongs to the part; in the item itself it ends alone.
  const ends = [lane.length > 3 ? `${toPointer(lane.slice(0, -1))}/` : toPointer(lane)];
  return { ...NO_READING, wholes: [...collector.texts, ...tokens, ...alternatives], ends };
}

/** A response as it is now; the last one repeats everything that the stream said. */
function readResponse(response: JsonObject, isFinal: boolean, source: string): ChunkReading {
  const collector = new TextCollector(source);
  addOutput(collector, response, ['response']);
  const finishReason = isFinal ? finishReasonOf(response) : undefined;
  return {
    ...NO_READING,
    wholes: collector.texts,
    ends: isFinal ? [''] : [],
    isFinal,
    ...(finishReason !== undefined && { finishReason }),
  };
}

/** Items, parts and annotations that an event carries whole; what `added` brings, deltas go on with. */
function readStructure(data: JsonObject, type: string, source: string): ChunkReading {
  const collector = new TextCollector(source);
  const output = outputIndex(data);
  const item = asObject(data['item']);
  if (item !== undefined) addItem(collector, item, ['item'], ASSISTANT, ['output', output]);
  const part = asObject(data['part']);
  const [list, place] = partOf(data);
  if (part !== undefined) {
    const content = list === 'summary' ? 'reasoning' : 'message';
    addPart(collector, part, ['part'], ASSISTANT, content, ['output', output, ...place]);
  }
  const { annotation } = data;
  const annotated = [...place, 'annotations', asNumber(data['annotation_index']) ?? 0];
  addCitation(collector, annotation, ['annotation'], ASSISTANT, ['output', output, ...annotated]);
  // Events of tomorrow that hold text under the usual names.
  addPart(collector, data, [], ASSISTANT, 'message', ['output', output, type]);
  const isBeginning = type.endsWith('.added');
  const begins = (text: LocatedText): boolean =>
    isBeginning && text.isEmbedded !== true && text.isGathered !== true && text.lane.content !== 'annotation';
  const lane = toPointer(['output', output, ...place, 'text']);
  return {
    ...NO_READING,
    deltas: collector.texts.filter(begins),
    wholes: collector.texts.filter((text) => !begins(text)),
    spans: spansOf(annotation, ['annotation']).map((span) => ({ ...span, lane })),
    ends: type === 'response.output_item.done' ? [`/output/${output}/`] : [],
    hasContent: type === 'response.output_item.added' && item?.['name'] !== undefined,
  };
}

/** Where a part that the event is about stands in its item. */
function partOf(data: JsonObject): readonly ['summary' | 'content', JsonPath] {
  const summary = asNumber(data['summary_index']);
  if (summary !== undefined) return ['summary', ['summary', summary]];
  return ['content', ['content', asNumber(data['content_index']) ?? 0]];
}

function finishReasonOf(response: JsonObject): string | undefined {
  return asString(asObject(response['incomplete_details'])?.['reason']) ?? asString(response['status']);
}
