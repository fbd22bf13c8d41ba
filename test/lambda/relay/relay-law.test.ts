/** The law of the product, through the real chain: what a stream shows, joined, is what the whole answer shows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChain } from '../../../lambda/policies/chain.ts';
import type { Chain, Link } from '../../../lambda/policies/chain.ts';
import { createPolicy } from '../../../lambda/policies/index.ts';
import { StreamRelay } from '../../../lambda/relay/stream-relay.ts';
import { chatFormat } from '../../../lambda/wire/chat.ts';
import { messagesFormat } from '../../../lambda/wire/messages.ts';
import { responsesFormat } from '../../../lambda/wire/responses.ts';
import type { WireFormat } from '../../../lambda/wire/wire-format.ts';
import { aConfig, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';

const config = aConfig(targetsAt('http://127.0.0.1:9/v1') + FOUR_POLICIES);
const links: readonly Link[] = config.chain.map((entry) => ({ entry, policy: createPolicy(entry) }));

const aChain = (): Chain =>
  openChain(
    links,
    { path: '/v1/x', headers: {}, model: 'm', stream: true },
    { elapsed: () => 0, failMode: 'block' },
  );

const QUIET = { onFinding: () => undefined, onText: () => undefined };

/** Texts made of what policies look for, of what nearly is, and of plain words. */
const anyText = fc
  .array(
    fc.constantFrom(
      ...[
        'bob@example.com',
        'bob@',
        'example',
        '.com',
        '4111 1111 1111 1111',
        '4111-1111',
        ' 1111',
        '078-05-1120',
      ],
      ...[
        '+1 415 555 0132',
        'GB82 WEST 1234 5698 7654 32',
        'GB82 WEST',
        '192.168.0.1',
        '10:30',
        'v1.2.3',
        '😀',
      ],
      ...[
        'AKIAIOSFODNN7EXAMPLE',
        'sk-',
        'Bearer abcdefghijklmnopqrstuvwxyz0123456789',
        'eyJ',
        'é',
        '\u200b',
        '"',
        '\\',
      ],
      ...['the', ' quick', ' brown', ' fox', '. ', ', ', '\n', ' ', ' ', ' '],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const anyCuts = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 10 });

function partsOf(text: string, cuts: readonly number[]): readonly string[] {
  const borders = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...borders, text.length].map((end, at) => text.slice(borders[at - 1] ?? 0, end));
}

/** Sends the frames through a relay, the bytes cut anywhere, and gives what a caller reads. */
function relayed(format: WireFormat, source: string, cuts: readonly number[]): readonly string[] {
  const relay = new StreamRelay({
    format,
    chain: aChain(),
    listener: QUIET,
    passesAccounting: true,
    maxFrameLength: 1_000_000,
    isBuffered: false,
    maxBufferedLength: 1_000_000,
    isErrorFrame: () => false,
  });
  const bytes = new TextEncoder().encode(source);
  const borders = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  let out = '';
  for (const [at, end] of [...borders, bytes.length].entries()) {
    out += relay.push(bytes.subarray(borders[at - 1] ?? 0, end));
  }
  out += relay.end() + relay.progress.tail;
  expect(relay.progress.fault).toBeUndefined();
  expect(relay.progress.isComplete).toBe(true);
  return out
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => line.slice(6));
}

async function whole(format: WireFormat, body: object): Promise<readonly string[]> {
  const source = JSON.stringify(body);
  const { texts } = await aChain().judge('output', format.replyTexts(JSON.parse(source) as never, source));
  return texts.map(({ text }) => text);
}

const frame = (data: object, event = ''): string =>
  `${event === '' ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** JSON with other spellings of the same text. */
const escaped = (text: string): string => text.replaceAll('@', '\\u0040').replaceAll('1', '\\u0031');

describe('the streaming law', () => {
  it('holds for every lane of chat completions', async () => {
    const chunk = (delta: object, finish: string | null = null) => ({
      id: 'c1',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    await fc.assert(
      fc.asyncProperty(
        anyText,
        anyText,
        anyText,
        anyCuts,
        anyCuts,
        async (content, reasoning, argument, cuts, byteCuts) => {
          const args = escaped(JSON.stringify({ text: argument, n: 2 }));
          const call = (text: string) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] });
          const frames = [
            ...partsOf(reasoning, cuts).map((text) => chunk({ reasoning_content: text })),
            ...partsOf(content, cuts).map((text) => chunk({ content: text })),
            ...partsOf(args, cuts).map((text) => chunk(call(text))),
            chunk({}, 'stop'),
          ];
          const source = `${frames.map((data) => frame(data)).join('')}data: [DONE]\n\n`;
          const seen = { content: '', reasoning: '', args: '' };
          for (const data of relayed(chatFormat, source, byteCuts)) {
            const { delta } = (JSON.parse(data) as { choices: [{ delta: Record<string, unknown> }] })
              .choices[0];
            seen.content += (delta['content'] as string | undefined) ?? '';
            seen.reasoning += (delta['reasoning_content'] as string | undefined) ?? '';
            const calls = delta['tool_calls'] as [{ function: { arguments: string } }] | undefined;
            seen.args += calls?.[0].function.arguments ?? '';
          }
          const message = {
            content,
            reasoning_content: reasoning,
            tool_calls: [{ function: { name: 'f', arguments: args } }],
          };
          const expected = await whole(chatFormat, { choices: [{ message }] });
          expect([seen.content, seen.reasoning, seen.args].filter((text) => text !== '')).toEqual(expected);
          expect(() => void JSON.parse(seen.args)).not.toThrow();
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('holds for messages, text and tool input', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyCuts, anyCuts, async (content, argument, cuts, byteCuts) => {
        const args = escaped(JSON.stringify({ text: argument }));
        const block = (index: number, delta: object) =>
          frame({ type: 'content_block_delta', index, delta }, 'content_block_delta');
        const source = [
          ...partsOf(content, cuts).map((text) => block(0, { type: 'text_delta', text })),
          frame({ type: 'content_block_stop', index: 0 }, 'content_block_stop'),
          ...partsOf(args, cuts).map((text) => block(1, { type: 'input_json_delta', partial_json: text })),
          frame({ type: 'content_block_stop', index: 1 }, 'content_block_stop'),
          frame({ type: 'message_stop' }, 'message_stop'),
        ].join('');
        let [text, json] = ['', ''];
        for (const data of relayed(messagesFormat, source, byteCuts)) {
          const { delta } = JSON.parse(data) as { delta?: { text?: string; partial_json?: string } };
          text += delta?.text ?? '';
          json += delta?.partial_json ?? '';
        }
        const blocks = [
          { type: 'text', text: content },
          { type: 'tool_use', name: 'f', input: JSON.parse(args) as unknown },
        ];
        const expected = await whole(messagesFormat, { content: blocks });
        expect([text, JSON.stringify(JSON.parse(json))].filter((one) => one !== '')).toEqual(
          expected.map((one, at) => (at === expected.length - 1 ? JSON.stringify(JSON.parse(one)) : one)),
        );
      }),
      { numRuns: 700 },
    );
  });

  it('holds for responses, deltas and repetitions alike', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyCuts, anyCuts, async (content, cuts, byteCuts) => {
        const place = { output_index: 0, content_index: 0 };
        const item = { type: 'message', content: [{ type: 'output_text', text: content }] };
        const events = [
          ...partsOf(content, cuts).map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
          { type: 'response.output_text.done', ...place, text: content },
          { type: 'response.content_part.done', ...place, part: { type: 'output_text', text: content } },
          { type: 'response.output_item.done', output_index: 0, item },
          { type: 'response.completed', response: { status: 'completed', output: [item] } },
        ];
        const seen = relayed(
          responsesFormat,
          events.map((event) => frame(event, event.type)).join(''),
          byteCuts,
        );
        const [expected = ''] = await whole(responsesFormat, { output: [item] });
        let deltas = '';
        for (const data of seen) {
          const event = JSON.parse(data) as { type: string; delta?: string };
          if (event.type === 'response.output_text.delta') deltas += event.delta ?? '';
          else if (content !== '') expect(data).toContain(JSON.stringify(expected));
        }
        expect(deltas).toBe(expected);
      }),
      { numRuns: 700 },
    );
  });
});
