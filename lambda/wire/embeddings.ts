/** The wire format of /v1/embeddings: text in, numbers out. */
import type { JsonObject } from './json-value.ts';
import { TextCollector } from './located.ts';
import { partTexts } from './text-parts.ts';
import { NO_READING } from './wire-format.ts';
import type { LocatedText, WireFormat } from './wire-format.ts';

export const embeddingsFormat: WireFormat = {
  route: 'embeddings',
  upstreamPath: '/embeddings',
  checkRequest: (body) => {
    const { input } = body;
    const isRight = typeof input === 'string' || (Array.isArray(input) && input.length > 0);
    return isRight
      ? undefined
      : { param: 'input', message: 'input must be a string or an array that is not empty' };
  },
  requestTexts,
  replyTexts: () => [],
  replyRepairs: () => [],
  replyFinishReason: () => undefined,
  readChunk: () => NO_READING,
  partable: () => undefined,
  repeatsTexts: false,
  hasDone: false,
  asksForUsage: false,
};

/** Token ids hold no text that could be read. */
function requestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  const user = { phase: 'input', role: 'user' } as const;
  for (const { text, at } of partTexts(body['input'], ['input'], 'embedding_input')) {
    collector.add(text, at, user, 'embedding_input');
  }
  return collector.texts;
}
