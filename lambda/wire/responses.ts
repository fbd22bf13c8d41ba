/** The wire format of /v1/responses. */
import { asNumber, asObject, asString } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import {
  addItem,
  addOutput,
  addPart,
  checkResponsesRequest,
  responsesReplyTexts,
  responsesRequestTexts,
} from './responses-texts.ts';
import type { ChunkReading, WireFormat } from './wire-format.ts';

export const responsesFormat: WireFormat = {
  route: 'responses',
  upstreamPath: '/responses',
  checkRequest: checkResponsesRequest,
  requestTexts: responsesRequestTexts,
  replyTexts: responsesReplyTexts,
  replyRepairs: () => [],
  replyFinishReason: finishReasonOf,
  readChunk,
  hasDone: false,
  asksForUsage: false,
};

/** How the text of a delta event is named, and what it is, by the event's type without `.delta` or `.done`. */
interface TextEvent {
  /** The member of the `.done` event that repeats the text. */
  readonly member: string;
  readonly content: LaneContent;
  readonly form: 'text' | 'json';
  /** The place in the item, with the event's own index where it has one. */
  readonly place: (data: JsonObject) => JsonPath;
}

const indexOf = (data: JsonObject, name: string): number => asNumber(data[name]) ?? 0;

const TEXT_EVENTS: Readonly<Record<string, TextEvent>> = {
  'response.output_text': {
    member: 'text',
    content: 'message',
    form: 'text',
    place: (data) => ['content', indexOf(data, 'content_index'), 'text'],
  },
  'response.refusal': {
    member: 'refusal',
    content: 'refusal',
    form: 'text',
    place: (data) => ['content', indexOf(data, 'content_index'), 'refusal'],
  },
  'response.reasoning_text': {
    member: 'text',
    content: 'reasoning',
    form: 'text',
    place: (data) => ['content', indexOf(data, 'content_index'), 'text'],
  },
  'response.reasoning_summary_text': {
    member: 'text',
    content: 'reasoning',
    form: 'text',
    place: (data) => ['summary', indexOf(data, 'summary_index'), 'text'],
  },
  'response.function_call_arguments': {
    member: 'arguments',
    content: 'tool_arguments',
    form: 'json',
    place: () => ['arguments'],
  },
  'response.mcp_call_arguments': {
    member: 'arguments',
    content: 'tool_arguments',
    form: 'json',
    place: () => ['arguments'],
  },
  'response.custom_tool_call_input': {
    member: 'input',
    content: 'tool_arguments',
    form: 'text',
    place: () => ['input'],
  },
  'response.code_interpreter_call_code': {
    member: 'code',
    content: 'tool_arguments',
    form: 'text',
    place: () => ['code'],
  },
  'response.audio.transcript': {
    member: 'transcript',
    content: 'transcript',
    form: 'text',
    place: () => ['transcript'],
  },
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

const FINAL: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

function readChunk(data: JsonObject, event: string | undefined, source: string): ChunkReading {
  const type = asString(data['type']) ?? event ?? '';
  if (type.endsWith('.delta')) return readDelta(data, TEXT_EVENTS[type.slice(0, -'.delta'.length)]);
  const output = indexOf(data, 'output_index');
  const collector = new TextCollector(source);
  const response = asObject(data['response']);
  if (response !== undefined) {
    addOutput(collector, response, ['response']);
    const finishReason = FINAL.has(type) ? finishReasonOf(response) : undefined;
    return {
      ...NOTHING,
      wholes: collector.texts,
      ends: FINAL.has(type) ? [''] : [],
      isFinal: FINAL.has(type),
      ...(finishReason !== undefined && { finishReason }),
    };
  }
  const isDone = type.endsWith('.done');
  const textEvent = isDone ? TEXT_EVENTS[type.slice(0, -'.done'.length)] : undefined;
  if (textEvent !== undefined) return readDone(data, textEvent, collector);
  addStructures(collector, data, output, isDone);
  const isItemDone = type === 'response.output_item.done';
  return {
    ...NOTHING,
    wholes: collector.texts,
    ends: isItemDone ? [`${output}/`] : [],
    hasContent: type === 'response.output_item.added' && asObject(data['item'])?.['name'] !== undefined,
  };
}

/** Items, parts and annotations that an event carries whole. */
function addStructures(collector: TextCollector, data: JsonObject, output: number, isDone: boolean): void {
  const item = asObject(data['item']);
  if (item !== undefined) addItem(collector, item, ['item'], ASSISTANT, ['output', output]);
  const part = asObject(data['part']);
  if (part !== undefined) {
    const isSummary = data['summary_index'] !== undefined;
    const place = isSummary
      ? ['summary', indexOf(data, 'summary_index')]
      : ['content', indexOf(data, 'content_index')];
    addPart(collector, part, ['part'], ASSISTANT, isSummary ? 'reasoning' : 'message', [
      'output',
      output,
      ...place,
    ]);
  }
  const annotation = asObject(data['annotation']);
  collector.add(annotation?.['title'], ['annotation', 'title'], ASSISTANT, 'annotation');
  // Text events of tomorrow that repeat their text under the usual names.
  if (isDone) collector.add(data['text'], ['text'], ASSISTANT, 'message');
}

function readDelta(data: JsonObject, known: TextEvent | undefined): ChunkReading {
  const text = asString(data['delta']);
  if (text === undefined || text === '') return NOTHING;
  // An unknown delta of text is judged as text; audio and images come under names of their own.
  const type = asString(data['type']) ?? '';
  if (known === undefined && /audio|image|video/.test(type)) return NOTHING;
  const output = indexOf(data, 'output_index');
  const place = known?.place(data) ?? [type, indexOf(data, 'content_index')];
  return {
    ...NOTHING,
    hasContent: true,
    deltas: [
      {
        key: `${output}/${place.join('/')}`,
        lane: {
          ...ASSISTANT,
          content: known?.content ?? 'message',
          path: `/output/${output}/${place.join('/')}`,
        },
        at: ['delta'],
        text,
        form: known?.form ?? 'text',
        shadows: shadow(data, 'logprobs', []),
      },
    ],
  };
}

function readDone(data: JsonObject, known: TextEvent, collector: TextCollector): ChunkReading {
  const place = [indexOf(data, 'output_index'), ...known.place(data)];
  collector.add(data[known.member], [known.member], ASSISTANT, known.content, {
    form: known.form,
    shadows: shadow(data, 'logprobs', []),
    lanePath: ['output', ...place],
  });
  return { ...NOTHING, wholes: collector.texts, ends: [place.join('/')] };
}

function finishReasonOf(response: JsonObject): string | undefined {
  return asString(asObject(response['incomplete_details'])?.['reason']) ?? asString(response['status']);
}
