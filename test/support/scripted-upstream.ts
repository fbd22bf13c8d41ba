/** An upstream in memory whose every byte the test sends itself: for tests of time and of who leaves when. */
import type { CallUpstream, UpstreamReply } from '../../lambda/upstream/upstream-call.ts';

export interface ScriptedUpstream {
  readonly call: CallUpstream;
  /** Sends a chunk of the body; it is read when the gateway asks for it. */
  send(text: string): void;
  end(): void;
  /** Resolves when the gateway aborted the call, or left its body. */
  readonly left: Promise<void>;
}

type Item = { readonly bytes: Uint8Array } | 'end';

/** Answers the first call with 200 and the given content type; later calls wait for the same script. */
export function aScriptedUpstream(contentType = 'text/event-stream'): ScriptedUpstream {
  const items: Item[] = [];
  let wake: () => void = () => undefined;
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const push = (item: Item): void => {
    items.push(item);
    wake();
  };
  const body = async function* (signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const item = items.shift();
        if (item === 'end') return;
        if (item !== undefined) yield item.bytes;
        else await nextItem(signal, (resolve) => (wake = resolve));
      }
    } finally {
      leave();
    }
  };
  return {
    call: async ({ signal }): Promise<UpstreamReply> => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => leave());
      return { status: 200, headers: { 'content-type': contentType }, body: body(signal) };
    },
    send: (text) => push({ bytes: new TextEncoder().encode(text) }),
    end: () => push('end'),
    left,
  };
}

function nextItem(signal: AbortSignal, onWait: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) fail();
    else {
      signal.addEventListener('abort', fail, { once: true });
      onWait(resolve);
    }
  });
}

/** A chat chunk as a server-sent event. */
export function aChunk(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}
