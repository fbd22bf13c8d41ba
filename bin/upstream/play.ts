/** Writes answers to the connection at their pace, and breaks off where a fault says so. */
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Bytes } from './stream-fault.ts';

/** Where a reply breaks off, counted in parts, and how: silence, a closed connection, or a reset one. */
export interface BreakOff {
  readonly how: 'hang' | 'cut' | 'reset';
  readonly after: number;
}

export interface Pace {
  /** Milliseconds between frames; 0 gives each frame its own write, undefined lets the system join them. */
  readonly tokenDelayMs?: number | undefined;
  readonly beforeFrame?: ((index: number) => Promise<void> | undefined) | undefined;
}

/** Writes a whole body; one that breaks off sends half of the bytes it promised. */
export async function playBody(response: ServerResponse, body: Bytes, breakOff?: BreakOff): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.setHeader('content-length', bytes.byteLength);
  if (breakOff === undefined) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)));
  await breakConnection(response, breakOff.how);
}

/** Writes the parts one by one, waiting for a slow reader; stops without a word when the reader is gone. */
export async function playParts(
  response: ServerResponse,
  parts: Iterable<Bytes> | AsyncIterable<Bytes>,
  pace: Pace,
  breakOff?: BreakOff,
): Promise<void> {
  let index = 0;
  response.flushHeaders();
  for await (const part of parts) {
    if (index === breakOff?.after) break;
    const held = pace.beforeFrame?.(index);
    if (held !== undefined) await held;
    if (index > 0 && pace.tokenDelayMs !== undefined) await rest(pace.tokenDelayMs);
    if (response.destroyed) return;
    if (!response.write(part)) await drained(response);
    index += 1;
  }
  if (breakOff === undefined) response.end();
  else await breakConnection(response, breakOff.how);
}

/** Goes silent, or closes the connection by FIN or RST after what was written has left. */
export async function breakConnection(response: ServerResponse, how: BreakOff['how']): Promise<void> {
  if (how === 'hang') return;
  const { socket } = response;
  await immediate();
  if (how === 'cut') socket?.destroySoon();
  else socket?.resetAndDestroy();
}

const rest = (ms: number): Promise<unknown> => (ms === 0 ? immediate() : delay(ms));

async function drained(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: gone.signal }),
    once(response, 'close', { signal: gone.signal }),
  ]);
  gone.abort();
}
