/** An upstream without a socket: what it answers is said by the test, byte for byte. */
import type { UpstreamReply, UpstreamRequest } from '../../lambda/upstream/upstream-call.ts';

export interface AnsweredWith {
  readonly text: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnsweringUpstream {
  readonly requests: UpstreamRequest[];
  readonly call: (request: UpstreamRequest) => Promise<UpstreamReply>;
}

/** JSON with status 200 unless the reply says otherwise. */
export function anAnsweringUpstream(reply: (request: UpstreamRequest) => AnsweredWith): AnsweringUpstream {
  const requests: UpstreamRequest[] = [];
  return {
    requests,
    call: async (request) => {
      requests.push(request);
      const { text, status = 200, headers = {} } = reply(request);
      return { status, headers: { 'content-type': 'application/json', ...headers }, body: once(text) };
    },
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
