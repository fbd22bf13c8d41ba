/** How replies of each format are streamed, and what the official clients add up from their chunks. */
import { chatFormat } from '../../../lambda/wire/chat.ts';
import { completionsFormat } from '../../../lambda/wire/completions.ts';
import { messagesFormat } from '../../../lambda/wire/messages.ts';
import { responsesFormat } from '../../../lambda/wire/responses.ts';
import { asList, asRecord, asText } from './a-stream.ts';
import type { Dialect, Json, JsonRecord } from './a-stream.ts';

const nothing = (): readonly JsonRecord[] => [];

/** Chat completions: `0:content`, `1:reasoning`, `0:tool2` and the like; text of a tool is JSON. */
export const chat: Dialect = {
  format: chatFormat,
  hasDone: true,
  lanes: [
    ['0:reasoning_content'],
    ['0:content', '0:tool0'],
    ['0:tool1'],
    ['0:refusal'],
    ['1:reasoning', '1:content'],
    ['0:transcript'],
    ['0:detail3'],
    ['0:function_call'],
    ['1:custom0'],
  ],
  chunk: (lane, text) => {
    const [index, delta] = chatDelta(lane, text);
    return envelope([{ index, delta, logprobs: null, finish_reason: null }]);
  },
  after: nothing,
  finish: (texts) => {
    const indexes = [...new Set([0, ...[...texts.keys()].map((lane) => Number(lane[0]))])];
    return indexes.map((index) => envelope([{ index, delta: {}, finish_reason: 'stop' }]));
  },
  read: (data) => asList(data['choices']).flatMap((choice) => chatTexts(asRecord(choice))),
};

const envelope = (choices: Json): JsonRecord => ({ id: 'c1', model: 'm', created: 1, choices, usage: null });

function chatDelta(lane: string, text: string): readonly [number, JsonRecord] {
  const [choice = '', name = ''] = lane.split(':');
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
  const called = { arguments: text };
  const delta = (): JsonRecord => {
    if (name.startsWith('tool')) return { tool_calls: [{ index: number, function: called }] };
    if (name.startsWith('custom')) return { tool_calls: [{ index: number, custom: { input: text } }] };
    if (name === 'transcript') return { audio: { id: 'a', transcript: text } };
    if (name.startsWith('detail')) return { reasoning_details: [{ index: number, type: 'x', text }] };
    return { [name]: name === 'function_call' ? called : text };
  };
  return [Number(choice), delta()];
}

function chatTexts(choice: JsonRecord): readonly (readonly [string, string])[] {
  const index = Number(choice['index']);
  const delta = asRecord(choice['delta']);
  const found: (readonly [string, Json | undefined])[] = [
    ...['content', 'reasoning_content', 'reasoning', 'refusal'].map((name) => [name, delta[name]] as const),
    ['transcript', asRecord(delta['audio'])['transcript']],
    ['function_call', asRecord(delta['function_call'])['arguments']],
  ];
  for (const call of asList(delta['tool_calls']).map(asRecord)) {
    found.push([`tool${Number(call['index'])}`, asRecord(call['function'])['arguments']]);
    found.push([`custom${Number(call['index'])}`, asRecord(call['custom'])['input']]);
  }
  for (const detail of asList(delta['reasoning_details']).map(asRecord)) {
    found.push([`detail${Number(detail['index'])}`, detail['text']]);
  }
  return found.flatMap(([name, text]) => (asText(text) === '' ? [] : [[`${index}:${name}`, asText(text)]]));
}

export const completions: Dialect = {
  format: completionsFormat,
  hasDone: true,
  lanes: [['0:text'], ['1:text']],
  chunk: (lane, text) => envelope([{ text, index: Number(lane[0]), logprobs: null, finish_reason: null }]),
  after: nothing,
  finish: (texts) =>
    [...new Set([0, ...[...texts.keys()].map((lane) => Number(lane[0]))])].map((index) =>
      envelope([{ text: '', index, finish_reason: 'length' }]),
    ),
  read: (data) =>
    asList(data['choices'])
      .map(asRecord)
      .map((choice) => [`${Number(choice['index'])}:text`, asText(choice['text'])] as const),
};

/** Messages: blocks by number; a block is text, thinking or the input of a tool. */
export const messages: Dialect = {
  format: messagesFormat,
  hasDone: false,
  lanes: [['0:thinking', '1:text', '2:tool', '3:text', '4:tool']],
  chunk: (lane, text) => {
    const [index = '', name = ''] = lane.split(':');
    const delta =
      name === 'tool'
        ? { type: 'input_json_delta', partial_json: text }
        : { type: `${name}_delta`, [name]: text };
    return { type: 'content_block_delta', index: Number(index), delta };
  },
  after: (lane) => [{ type: 'content_block_stop', index: Number(lane[0]) }],
  finish: () => [
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ],
  read: (data) => {
    const delta = asRecord(data['delta']);
    return (['text', 'thinking', 'partial_json'] as const).map((name) => [
      `${Number(data['index'])}:${name === 'partial_json' ? 'tool' : name}`,
      asText(delta[name]),
    ]);
  },
};

/** Responses: `0:summary`, `1:text`, `2:arguments`; texts are said again when they are complete. */
export const responses: Dialect = {
  format: responsesFormat,
  hasDone: false,
  lanes: [['0:summary'], ['1:text'], ['2:arguments'], ['3:refusal'], ['4:input']],
  chunk: (lane, delta) => ({ type: `${eventOf(lane)}.delta`, ...placeOf(lane), delta, obfuscation: 'x' }),
  after: (lane, text) => [
    { type: `${eventOf(lane)}.done`, ...placeOf(lane), [memberOf(lane)]: text },
    { type: 'response.output_item.done', output_index: Number(lane[0]), item: itemOf(lane, text) },
  ],
  finish: (texts) => [
    {
      type: 'response.completed',
      response: { status: 'completed', output: outputOf(texts), usage: { output_tokens: 3 } },
    },
  ],
  read: (data) => {
    const name = asText(data['type']).replace(/\.delta$/, '');
    const lane = responses.lanes.flat().find((one) => eventOf(one) === name);
    return lane === undefined || data['delta'] === undefined ? [] : [[lane, asText(data['delta'])]];
  },
};

const EVENTS: Readonly<Record<string, readonly [string, string]>> = {
  summary: ['response.reasoning_summary_text', 'text'],
  text: ['response.output_text', 'text'],
  arguments: ['response.function_call_arguments', 'arguments'],
  refusal: ['response.refusal', 'refusal'],
  input: ['response.custom_tool_call_input', 'input'],
};
const nameOf = (lane: string): string => lane.split(':')[1] ?? '';
const eventOf = (lane: string): string => EVENTS[nameOf(lane)]?.[0] ?? '';
const memberOf = (lane: string): string => EVENTS[nameOf(lane)]?.[1] ?? '';

function placeOf(lane: string): JsonRecord {
  const output = { output_index: Number(lane[0]), item_id: `i${lane[0] ?? ''}` };
  if (nameOf(lane) === 'summary') return { ...output, summary_index: 0 };
  return ['text', 'refusal'].includes(nameOf(lane)) ? { ...output, content_index: 0 } : output;
}

function itemOf(lane: string, text: string): JsonRecord {
  const name = nameOf(lane);
  if (name === 'summary') return { type: 'reasoning', summary: [{ type: 'summary_text', text }] };
  if (name === 'arguments') return { type: 'function_call', name: 'f', arguments: text };
  if (name === 'input') return { type: 'custom_tool_call', name: 'f', input: text };
  return { type: 'message', content: [{ type: `output_${name}`, [name]: text, annotations: [] }] };
}

/** Items of lanes that said nothing are there and empty. */
function outputOf(texts: ReadonlyMap<string, string>): readonly JsonRecord[] {
  return responses.lanes.flat().map((lane) => itemOf(lane, texts.get(lane) ?? ''));
}

/** The texts that a Responses stream repeats, by lane: in done events, in items, in the whole response. */
export function repeatedTexts(data: JsonRecord): readonly (readonly [string, string])[] {
  const lanes = responses.lanes.flat();
  const ofItem = (item: JsonRecord, output: number): readonly (readonly [string, string])[] =>
    lanes
      .filter((lane) => Number(lane[0]) === output)
      .map((lane) => {
        const member = memberOf(lane);
        const part = asRecord(asList(item['content'])[0] ?? asList(item['summary'])[0]);
        return [lane, asText(part[member]) || asText(item[member])] as const;
      });
  const done = lanes.find((lane) => data['type'] === `${eventOf(lane)}.done`);
  return [
    ...(done === undefined ? [] : [[done, asText(data[memberOf(done)])] as const]),
    ...(data['item'] === undefined ? [] : ofItem(asRecord(data['item']), Number(data['output_index']))),
    ...asList(asRecord(data['response'])['output']).flatMap((item, output) => ofItem(asRecord(item), output)),
  ];
}

export const DIALECTS = { chat, completions, messages, responses } as const;
