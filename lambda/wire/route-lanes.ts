/** Which lanes each API route carries, in words: what a policy can act on there. */
import type { Lane, LaneContent, Phase, Role } from './lane.ts';
import type { ApiRoute } from './wire-format.ts';

const lane = (phase: Phase, role: Role, content: LaneContent): Lane => ({ phase, role, content, path: '' });

const CONVERSATION: readonly Lane[] = [
  lane('input', 'system', 'message'),
  lane('input', 'user', 'message'),
  lane('input', 'assistant', 'tool_arguments'),
  lane('input', 'tool', 'tool_result'),
];

const ANSWER: readonly Lane[] = [
  lane('output', 'assistant', 'message'),
  lane('output', 'assistant', 'reasoning'),
  lane('output', 'assistant', 'tool_arguments'),
];

const REFUSAL = lane('output', 'assistant', 'refusal');

export const ROUTE_LANES: Readonly<Record<ApiRoute, readonly Lane[]>> = {
  chat: [...CONVERSATION, ...ANSWER, REFUSAL],
  responses: [...CONVERSATION, ...ANSWER, REFUSAL],
  messages: [...CONVERSATION, ...ANSWER],
  completions: [lane('input', 'user', 'message'), lane('output', 'assistant', 'message')],
  embeddings: [lane('input', 'user', 'embedding_input')],
};

/** Path of each route, with the version. */
export const ROUTE_PATHS: Readonly<Record<ApiRoute, string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
};

/** Routes that can answer with a stream. */
export const STREAMING_ROUTES: ReadonlySet<ApiRoute> = new Set([
  'chat',
  'responses',
  'messages',
  'completions',
]);
