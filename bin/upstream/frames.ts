/** Turns an answer into the bytes of its format: a JSON body, or the frames of a stream. */
import { chatFrames, chatReply } from './chat-format.ts';
import { embeddingsReply } from './embeddings-format.ts';
import { isObject } from './json.ts';
import { messagesFrames, messagesReply } from './messages-format.ts';
import { responsesFrames, responsesReply } from './responses-format.ts';
import type { Answer, Ask, Route } from './answer.ts';
import type { Facts } from './exchange.ts';

const BODIES: Readonly<Record<Route, (answer: Answer, facts: Facts, ask: Ask) => object>> = {
  chat: chatReply,
  responses: responsesReply,
  messages: messagesReply,
  embeddings: (_answer, facts, ask) => embeddingsReply(ask.body, facts),
};

/** The whole answer as JSON text. */
export const bodyOf = (ask: Ask, answer: Answer, facts: Facts): string =>
  JSON.stringify(BODIES[ask.route](answer, facts, ask));

/** The streamed answer, each frame with its blank line, without [DONE]. Embeddings have none. */
export function framesOf(ask: Ask, answer: Answer, facts: Facts): readonly string[] {
  if (ask.route === 'messages') return messagesFrames(answer, facts).map(frame);
  return (ask.route === 'responses' ? responsesFrames : chatFrames)(answer, facts).map(frame);
}

/** Ends a stream of chat completions; the other formats have an event of their own for it. */
export const DONE_FRAME = 'data: [DONE]\n\n';

/** One SSE frame; data that names its type is an event of that name, as in Responses and Messages. */
export function frame(data: object): string {
  const type = isObject(data) ? data['type'] : undefined;
  const event = typeof type === 'string' ? `event: ${type}\n` : '';
  return `${event}data: ${JSON.stringify(data)}\n\n`;
}
