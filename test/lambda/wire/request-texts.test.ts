/** Where each format keeps its texts in requests: whose they are, what they are, and what is left alone. */
import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../lambda/wire/formats.ts';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';
import type { ApiRoute } from '../../../lambda/wire/wire-format.ts';

/** Each text as `role content path: text`, JSON marked. */
function textsOf(route: ApiRoute, body: JsonObject): readonly string[] {
  const source = JSON.stringify(body);
  return formatOf(route)
    .requestTexts(body, source)
    .map(
      ({ lane, text, form }) =>
        `${lane.role} ${lane.content} ${lane.path}: ${text}${form === 'json' ? ' (json)' : ''}`,
    );
}

const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };

describe('texts of a request', () => {
  it.each<[string, ApiRoute, JsonObject, readonly string[]]>([
    [
      'strings and parts of every role',
      'chat',
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'developer', content: 'd' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'u' },
              image,
              { type: 'new', text: 'n' },
              { type: 'input_audio', input_audio: { data: 'AA' } },
            ],
          },
          { role: 'tool', tool_call_id: 't', content: 'r' },
          { role: 'function', name: 'f', content: [{ type: 'text', text: 'q' }] },
        ],
      },
      [
        'system message /messages/0/content: s',
        'developer message /messages/1/content: d',
        'user message /messages/2/content/0/text: u',
        'user message /messages/2/content/2/text: n',
        'tool tool_result /messages/3/content: r',
        'tool tool_result /messages/4/content/0/text: q',
      ],
    ],
    [
      'an earlier answer with all that it has',
      'chat',
      {
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: [{ type: 'text', text: 'h' }] },
              { type: 'refusal', refusal: 'no' },
            ],
            reasoning_content: 'c',
            reasoning_details: [{ text: 'd', summary: 's' }, { data: 'AAAA' }],
            audio: { id: 'a', transcript: 't' },
            tool_calls: [
              { function: { name: 'f', arguments: '{"a":1}' } },
              { custom: { name: 'g', input: 'i' } },
              { function: { name: 'h', arguments: { b: 12345678901234567890n.toString() } } },
            ],
            function_call: { name: 'k', arguments: '{}' },
          },
        ],
      },
      [
        'assistant reasoning /messages/0/content/0/thinking/0/text: h',
        'assistant refusal /messages/0/content/1/refusal: no',
        'assistant reasoning /messages/0/reasoning_content: c',
        'assistant reasoning /messages/0/reasoning_details/0/text: d',
        'assistant reasoning /messages/0/reasoning_details/0/summary: s',
        'assistant transcript /messages/0/audio/transcript: t',
        'assistant tool_arguments /messages/0/tool_calls/0/function/arguments: {"a":1} (json)',
        'assistant tool_arguments /messages/0/tool_calls/1/custom/input: i',
        'assistant tool_arguments /messages/0/tool_calls/2/function/arguments: {"b":"12345678901234567890"} (json)',
        'assistant tool_arguments /messages/0/function_call/arguments: {} (json)',
      ],
    ],
    [
      'a prediction',
      'chat',
      { messages: [], prediction: { content: 'p' } },
      ['assistant message /prediction/content: p'],
    ],
    [
      'prompts',
      'completions',
      { prompt: ['a', [1, 2], 'b'], suffix: 's' },
      ['user message /prompt/0: a', 'user message /prompt/2: b', 'user message /suffix: s'],
    ],
    [
      'inputs',
      'embeddings',
      { input: ['a', [1], 'b'] },
      ['user embedding_input /input/0: a', 'user embedding_input /input/1: b'.replace('/1', '/2')],
    ],
    [
      'instructions, items and variables',
      'responses',
      {
        instructions: 'i',
        input: [
          { role: 'user', content: 'u' },
          {
            role: 'developer',
            content: [
              { type: 'input_text', text: 'd' },
              { type: 'input_image', image_url: 'data:AAAA' },
            ],
          },
          { type: 'function_call', name: 'f', arguments: '{"a":1}' },
          { type: 'function_call_output', output: 'o' },
          { type: 'reasoning', summary: [{ text: 's' }], encrypted_content: 'AAAA' },
        ],
        prompt: { id: 'p', variables: { v: 'x', w: { type: 'input_text', text: 'y' } } },
      },
      [
        'system message /instructions: i',
        'user message /input/0/content: u',
        'developer message /input/1/content/0/text: d',
        'assistant tool_arguments /input/2/arguments: {"a":1} (json)',
        'tool tool_result /input/3/output: o',
        'assistant reasoning /input/4/summary/0/text: s',
        'user message /prompt/variables/v: x',
        'user message /prompt/variables/w/text: y',
      ],
    ],
    [
      'blocks and results of tools',
      'messages',
      {
        system: [{ type: 'text', text: 's' }],
        messages: [
          { role: 'user', content: 'u' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 't', signature: 'AA' },
              { type: 'tool_use', name: 'f', input: { a: 'b' } },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'x', content: [{ type: 'text', text: 'r' }] },
              { type: 'tool_result', tool_use_id: 'y', content: 'q' },
              { type: 'image', source: { type: 'base64', data: 'AAAA' } },
              { type: 'document', title: 'T', context: 'C', source: { type: 'text', data: 'D' } },
              { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'E' }] } },
            ],
          },
        ],
      },
      [
        'system message /system/0/text: s',
        'user message /messages/0/content: u',
        'assistant reasoning /messages/1/content/0/thinking: t',
        'assistant tool_arguments /messages/1/content/1/input: {"a":"b"} (json)',
        'tool tool_result /messages/2/content/0/content/0/text: r',
        'tool tool_result /messages/2/content/1/content: q',
        'user annotation /messages/2/content/3/title: T',
        'user annotation /messages/2/content/3/context: C',
        'user message /messages/2/content/3/source/data: D',
        'tool tool_result /messages/2/content/4/source/content/0/text: E',
      ],
    ],
  ])('are found: %s', (_, route, body, expected) => {
    expect(textsOf(route, body)).toEqual(expected);
  });
});
