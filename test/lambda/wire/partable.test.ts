import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../lambda/wire/formats.ts';
import type { JsonObject } from '../../../lambda/wire/json-value.ts';

const chunk = (delta: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  id: 'c',
  created: 1,
  usage: null,
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }],
  ...more,
});
const { partable } = formatOf('chat');
const at = (...path: readonly (string | number)[]) => ['choices', 0, 'delta', ...path];

describe('a chunk of chat completions', () => {
  it.each([
    ['text alone', chunk({ content: 'a b' }), []],
    ['several texts', chunk({ content: 'a b', reasoning: 'c', refusal: null }), []],
    ['a role', chunk({ role: 'assistant', content: 'a b' }), [at('role')]],
    ['an empty finish reason', chunk({ content: 'a b' }, { finish_reason: '' }), []],
    ['padding', chunk({ content: 'a b' }, {}, { obfuscation: 'x' }), []],
    [
      'the arguments of a function',
      chunk({ function_call: { name: 'f', arguments: '{' } }),
      [at('function_call', 'name')],
    ],
    [
      'the arguments of calls',
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }),
      [
        at('tool_calls', 0, 'id'),
        at('tool_calls', 0, 'function', 'name'),
        at('tool_calls', 0, 'custom', 'name'),
      ],
    ],
  ])('can be sent in parts with %s', (_, data, once) => {
    expect(partable(data)).toEqual(once);
  });

  it.each([
    ['a finish reason', chunk({ content: 'a b' }, { finish_reason: 'stop' })],
    ['usage', chunk({ content: 'a b' }, {}, { usage: { total_tokens: 1 } })],
    ['something new in the choice', chunk({ content: 'a b' }, { extra: {} })],
    ['something new in the delta', chunk({ content: 'a b', extra: 'x' })],
    ['sound', chunk({ content: 'a b', audio: { data: 'AAAA' } })],
    ['content in parts', chunk({ content: [{ type: 'text', text: 'a b' }] })],
    ['a choice that is none', chunk({}, {}, { choices: ['x'] })],
  ])('stays whole with %s', (_, data) => {
    expect(partable(data)).toBeUndefined();
  });
});

describe('an event of another format', () => {
  it.each([
    ['responses', { type: 'response.output_text.delta', delta: 'a b' }, true],
    ['responses', { type: 'response.output_text.done', text: 'a b' }, false],
    ['responses', { type: 'response.content_part.added', part: { text: 'a b' } }, false],
    ['messages', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a b' } }, true],
    [
      'messages',
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'a b' } },
      false,
    ],
    ['completions', { choices: [{ index: 0, text: 'a b', finish_reason: null }] }, true],
    ['embeddings', { data: [] }, false],
  ] as const)('of %s is sent in parts only where it is a delta', (route, data, can) => {
    expect(formatOf(route).partable(data) !== undefined).toBe(can);
  });
});
