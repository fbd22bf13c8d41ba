/** The events of a Responses stream that carry one text: what it is, and where it stands in the assembled reply. */
import { asNumber, asString } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';

/** By the event's type without `.delta` or `.done`. */
interface TextEvent {
  /** The member of the `.done` event that repeats the text. */
  readonly member: string;
  readonly content: LaneContent;
  readonly form: 'text' | 'json';
  /** The list in the item that the text's part stands in, and the member of the event that says where. */
  readonly list?: readonly [string, string];
}

const inContent = ['content', 'content_index'] as const;
const inSummary = ['summary', 'summary_index'] as const;

const text = (member: string, content: LaneContent, list?: TextEvent['list']): TextEvent => ({
  member,
  content,
  form: 'text',
  ...(list !== undefined && { list }),
});
const json = (member: string): TextEvent => ({ member, content: 'tool_arguments', form: 'json' });

const TEXT_EVENTS: ReadonlyMap<string, TextEvent> = new Map([
  ['response.output_text', text('text', 'message', inContent)],
  ['response.refusal', text('refusal', 'refusal', inContent)],
  ['response.reasoning_text', text('text', 'reasoning', inContent)],
  ['response.reasoning_summary_text', text('text', 'reasoning', inSummary)],
  ['response.function_call_arguments', json('arguments')],
  ['response.mcp_call_arguments', json('arguments')],
  ['response.custom_tool_call_input', text('input', 'tool_arguments')],
  ['response.code_interpreter_call_code', text('code', 'tool_arguments')],
  ['response.audio.transcript', text('transcript', 'transcript')],
  ['response.output_audio_transcript', text('transcript', 'transcript', inContent)],
]);

/** An event of text and its lane. */
export interface TextEventPlace extends TextEvent {
  readonly lane: JsonPath;
}

export const outputIndex = (data: JsonObject): number => asNumber(data['output_index']) ?? 0;

/** @param ending `.delta` or `.done`. Undefined for events that are not known to carry a text. */
export function textEventOf(data: JsonObject, type: string, ending: string): TextEventPlace | undefined {
  if (!type.endsWith(ending)) return undefined;
  const known = TEXT_EVENTS.get(type.slice(0, -ending.length));
  if (known === undefined) return undefined;
  const [list, index] = known.list ?? [];
  const part = list === undefined || index === undefined ? [] : [list, asNumber(data[index]) ?? 0];
  return { ...known, lane: ['output', outputIndex(data), ...part, known.member] };
}

/**
 * The lane of a delta of tomorrow, judged as text. Undefined for pieces of sound and pictures, which come under
 * names of their own.
 */
export function unknownEventPlace(data: JsonObject, type: string): TextEventPlace | undefined {
  if (/audio|image|video/.test(type) && !/text|transcript/.test(type)) return undefined;
  const name = asString(data['item_id']) ?? '';
  return { ...text('text', 'message'), lane: ['output', outputIndex(data), type, name] };
}
