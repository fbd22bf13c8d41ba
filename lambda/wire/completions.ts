/** The wire format of /v1/completions: prompts in, continuations out, in the choices that chat completions have. */
import { readChatChunk } from './chat-chunk.ts';
import { chatPartable } from './chat-parting.ts';
import { chatReplyFinishReason, chatReplyTexts } from './chat-reply.ts';
import type { JsonObject } from './json-value.ts';
import { TextCollector } from './located.ts';
import { partTexts } from './text-parts.ts';
import type { LocatedText, WireFormat } from './wire-format.ts';

export const completionsFormat: WireFormat = {
  route: 'completions',
  upstreamPath: '/completions',
  checkRequest: (body) =>
    typeof body['prompt'] === 'string' || Array.isArray(body['prompt'])
      ? undefined
      : { param: 'prompt', message: 'prompt must be a string or an array' },
  requestTexts,
  replyTexts: chatReplyTexts,
  replyRepairs: () => [],
  replyFinishReason: chatReplyFinishReason,
  readChunk: readChatChunk,
  partable: chatPartable,
  repeatsTexts: false,
  hasDone: true,
  asksForUsage: true,
};

/** Prompts of token ids hold no text that could be read. */
function requestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  const user = { phase: 'input', role: 'user' } as const;
  for (const { text, at } of partTexts(body['prompt'], ['prompt'], 'message')) {
    collector.add(text, at, user, 'message');
  }
  collector.add(body['suffix'], ['suffix'], user, 'message');
  return collector.texts;
}
