/** An upstream that still has /v1/completions, which AIML API lacks: says what the test has it say, whole or streamed. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Answer } from '../../bin/upstream/aimlapi-upstream.ts';
import { frame, DONE_FRAME } from '../../bin/upstream/frames.ts';
import { textOf, tokensOf } from '../../bin/upstream/tokens.ts';
import { listening } from './listening.ts';

export interface CompletionsUpstream {
  /** The base URL of the API: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param answer Gets the body of each request; of what it gives, text, `cut/midway` and `beforeFrame` are heeded. */
export async function startCompletionsUpstream(
  answer: (body: string) => Answer,
): Promise<CompletionsUpstream> {
  const server = createServer((request, response) => {
    reply(request, response, answer).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const { port, close } = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close,
  };
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: string) => Answer,
): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (request.url !== '/v1/completions') return void response.writeHead(404).end();
  const { text = '', fault, beforeFrame } = answer(body);
  const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
  if (!/"stream":\s*true/.test(body)) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...choice(textOf(text), 'stop'), usage }));
    return;
  }
  response.setHeader('content-type', 'text/event-stream');
  const frames = tokensOf(text).map((token) => frame(choice(token, null)));
  const half = fault === 'cut/midway' ? Math.ceil(frames.length / 2) : frames.length;
  for (const [index, token] of frames.slice(0, half).entries()) {
    await beforeFrame?.(index);
    response.write(token);
  }
  if (fault === 'cut/midway') return void response.write('', () => response.destroy());
  response.write(frame(choice('', 'stop')));
  response.write(frame({ ...choice('', null), choices: [], usage }));
  response.end(DONE_FRAME);
}

const choice = (text: string, finish: string | null) => ({
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1,
  model: 'davinci-002',
  choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
});
