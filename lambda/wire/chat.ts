/** The wire format of /v1/chat/completions. */
import { readChatChunk } from './chat-chunk.ts';
import { chatPartable } from './chat-parting.ts';
import { chatReplyFinishReason, chatReplyRepairs, chatReplyTexts } from './chat-reply.ts';
import { chatRequestTexts, checkChatRequest } from './chat-request.ts';
import type { WireFormat } from './wire-format.ts';

export const chatFormat: WireFormat = {
  route: 'chat',
  upstreamPath: '/chat/completions',
  checkRequest: checkChatRequest,
  requestTexts: chatRequestTexts,
  replyTexts: chatReplyTexts,
  replyRepairs: chatReplyRepairs,
  replyFinishReason: chatReplyFinishReason,
  readChunk: readChatChunk,
  partable: chatPartable,
  repeatsTexts: false,
  hasDone: true,
  asksForUsage: true,
};
