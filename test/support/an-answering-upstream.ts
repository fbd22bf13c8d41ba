/** An upstream without a socket: what it answers is said by the test, byte for byte. */
import type { UpstreamReply, UpstreamRequest } from '../../lambda/upstream/upstream-call.ts';

export interface AnsweredWith {
  readonly text: string;
  /** Sent after it, each when it is asked for. */
  readonly more?: readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnsweringUpstream {
  /** To be set where another answer is wanted. */
  answer: (request: UpstreamRequest) => AnsweredWith;
  readonly requests: UpstreamRequest[];
  readonly call: (request: UpstreamRequest) => Promise<UpstreamReply>;
}

/** JSON with status 200 unless the answer says otherwise. */
export function anAnsweringUpstream(answer: AnsweringUpstream['answer']): AnsweringUpstream {
  const upstream: AnsweringUpstream = {
    answer,
    requests: [],
    call: async (request) => {
      upstream.requests.push(request);
      const { text, more = [], status = 200, headers = {} } = upstream.answer(request);
      return {
        status,
        headers: { 'content-type': 'application/json', ...headers },
        body: inTurn([text, ...more]),
      };
    },
  };
  return upstream;
}

async function* inTurn(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
