/** The wire format of each API route. */
import { chatFormat } from './chat.ts';
import { completionsFormat } from './completions.ts';
import { embeddingsFormat } from './embeddings.ts';
import { messagesFormat } from './messages.ts';
import { responsesFormat } from './responses.ts';
import type { ApiRoute, WireFormat } from './wire-format.ts';

const FORMATS: Readonly<Record<ApiRoute, WireFormat>> = {
  chat: chatFormat,
  completions: completionsFormat,
  responses: responsesFormat,
  messages: messagesFormat,
  embeddings: embeddingsFormat,
};

export function formatOf(route: ApiRoute): WireFormat {
  return FORMATS[route];
}
