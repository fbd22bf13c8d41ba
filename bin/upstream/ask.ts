/** Reads a request the way AIML API does: what is asked, or why it is refused. */
import { isClaude, isWithdrawn } from './catalogue.ts';
import { isObject, listOf, type JsonObject } from './json.ts';
import type { Ask, Route } from './answer.ts';
import type { Topic } from './refusal.ts';

/** The status and subject of a refusal. */
export interface Objection {
  readonly status: number;
  readonly topic: Topic;
}

const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/chat/completions': 'chat',
  '/chat/completions': 'chat',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
  '/messages': 'messages',
  '/v1/embeddings': 'embeddings',
};

/** The route of a POST, or undefined where AIML API answers 404; /v1/completions is such a path. */
export const routeOf = (path: string): Route | undefined => ROUTES[path];

/** The request as the script sees it. */
export function readAsk(route: Route, body: JsonObject, headers: Readonly<Record<string, string>>): Ask {
  const turns = listOf(body['messages'] ?? body['input']).filter(isObject);
  const lastUser = turns.findLast((turn) => turn['role'] === 'user');
  const input = body['input'];
  const last = turns.at(-1);
  const role = last?.['role'];
  const answersTool = last?.['type'] === 'function_call_output' || hasToolResult(last);
  return {
    route,
    model: typeof body['model'] === 'string' ? body['model'] : '',
    stream: body['stream'] === true,
    userText: typeof input === 'string' ? input : contentText(lastUser?.['content']),
    lastRole: answersTool ? 'tool' : typeof role === 'string' ? role : 'user',
    body,
    headers,
  };
}

/** Explicit null gets 400 on these (differs by model at AIML API; here on all). */
const NEVER_NULL = [
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'seed',
  'response_format',
  'stream',
  'stream_options',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
];

/** Why AIML API refuses it, or undefined. Fields that it does not know are no reason: it drops them. */
export function objectionTo(ask: Ask): Objection | undefined {
  const { body } = ask;
  if (isWithdrawn(ask.model)) return { status: 404, topic: 'model' };
  if (NEVER_NULL.some((field) => body[field] === null)) return { status: 400, topic: 'nulls' };
  if (ask.route === 'messages' && !isClaude(ask.model) && !ask.model.startsWith('fault/')) {
    return { status: 400, topic: 'claude' };
  }
  if (ask.route === 'embeddings') {
    const tokens = listOf(body['input']).some((entry) => typeof entry !== 'string');
    return tokens ? { status: 400, topic: 'token-array' } : undefined;
  }
  const missing = ask.route === 'responses' ? body['input'] === undefined : !Array.isArray(body['messages']);
  return missing || ask.model === '' ? { status: 400, topic: 'validation' } : undefined;
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .filter(isObject)
    .map((part) => part['text'])
    .filter((text) => typeof text === 'string')
    .join('');
}

const hasToolResult = (turn: JsonObject | undefined): boolean =>
  listOf(turn?.['content']).some((part) => isObject(part) && part['type'] === 'tool_result');
