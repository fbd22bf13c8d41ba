/** The wire format of /v1/completions: prompts in, continuations out. */
import { asArray, asNumber, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import type { ChunkReading, Delta, LocatedText, WireFormat } from './wire-format.ts';

export const completionsFormat: WireFormat = {
  route: 'completions',
  upstreamPath: '/completions',
  checkRequest: (body) =>
    typeof body['prompt'] === 'string' || Array.isArray(body['prompt'])
      ? undefined
      : { param: 'prompt', message: 'prompt must be a string or an array' },
  requestTexts,
  replyTexts,
  replyRepairs: () => [],
  replyFinishReason: (body) => asString(asObject(asArray(body['choices'])[0])?.['finish_reason']),
  readChunk,
  hasDone: true,
  asksForUsage: true,
};

/** Prompts of token ids hold no text that could be read. */
function requestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  const user = { phase: 'input', role: 'user' } as const;
  collector.add(body['prompt'], ['prompt'], user, 'message');
  for (const [index, prompt] of asArray(body['prompt']).entries()) {
    collector.add(prompt, ['prompt', index], user, 'message');
  }
  collector.add(body['suffix'], ['suffix'], user, 'message');
  return collector.texts;
}

function replyTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  for (const [at, value] of asArray(body['choices']).entries()) {
    const choice = asObject(value) ?? {};
    const shadows = shadow(choice, 'logprobs', ['choices', at]);
    collector.add(choice['text'], ['choices', at, 'text'], ASSISTANT, 'message', { shadows });
  }
  return collector.texts;
}

function readChunk(data: JsonObject): ChunkReading {
  const choices = asArray(data['choices']);
  const deltas: Delta[] = [];
  const ends: string[] = [];
  let finishReason: string | undefined;
  for (const [at, value] of choices.entries()) {
    const choice = asObject(value) ?? {};
    const index = asNumber(choice['index']) ?? at;
    const text = asString(choice['text']) ?? '';
    if (text !== '') {
      deltas.push({
        key: `${index}/text`,
        lane: { ...ASSISTANT, content: 'message', path: `/choices/${index}/text` },
        at: ['choices', at, 'text'],
        text,
        form: 'text',
        shadows: shadow(choice, 'logprobs', ['choices', at]),
      });
    }
    const reason = asString(choice['finish_reason']);
    if (reason === undefined) continue;
    finishReason = reason;
    ends.push(`${index}/`);
  }
  return {
    deltas,
    wholes: [],
    ends,
    hasContent: deltas.length > 0,
    isFinal: false,
    isAccounting: choices.length === 0 && (isObject(data['usage']) || isObject(data['meta'])),
    repairs: Array.isArray(data['choices']) ? [] : [{ path: ['choices'], json: '[]' }],
    ...(finishReason !== undefined && { finishReason }),
  };
}
