/** Talks to the embedded upstream as any HTTP client would. */
import { startAimlapiUpstream, type AimlapiUpstreamOptions } from '../../../bin/upstream/aimlapi-upstream.ts';

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One POST with a key; the whole answer as text. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: reply.status, headers: reply.headers, text: await reply.text() };
}

/** The data of each SSE frame. */
export const dataOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));

/** An upstream that closes with the scope. */
export async function anUpstream(options: AimlapiUpstreamOptions = {}) {
  const upstream = await startAimlapiUpstream(options);
  return { ...upstream, [Symbol.asyncDispose]: () => upstream.close() };
}

/** A chat request that the script echoes. */
export const chat = (text: string, more: object = {}): object => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: `repeat: ${text}` }],
  ...more,
});
