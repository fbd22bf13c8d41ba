/** The load generator: calls endpoints over kept-alive connections, in turns, and keeps the times. */
import { createUndiciCall } from '../lambda/upstream/undici-call.ts';
import { bodyFor, type StreamKind } from './workload.ts';

/** Something that answers chat completions. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
}

/** One call; resolves to the milliseconds that are measured of it. */
export type Call = (endpoint: Endpoint) => Promise<number>;

const { call, destroy } = createUndiciCall();
export const endLoad = destroy;

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench', accept: '*/*' };

async function send(endpoint: Endpoint, body: string): Promise<AsyncIterable<Uint8Array>> {
  const { signal } = new AbortController();
  const url = `${endpoint.url}/chat/completions`;
  const reply = await call({ method: 'POST', url, headers: HEADERS, body, signal });
  if (reply.status === 200) return reply.body;
  let text = '';
  for await (const chunk of reply.body) text += Buffer.from(chunk).toString();
  throw new Error(`${endpoint.name} answered ${reply.status}: ${text}`);
}

/** A whole answer, to its last byte. */
export function wholeCall(): Call {
  const body = bodyFor('whole', false);
  return async (endpoint) => {
    const started = performance.now();
    for await (const _ of await send(endpoint, body)) continue;
    return performance.now() - started;
  };
}

const CONTENT = /"content":"[^"]/;

/** A stream, read to its end; measured is the time to its first content, or to its end. */
export function streamCall(kind: StreamKind, until: 'first-content' | 'end'): Call {
  const body = bodyFor(kind.model, true);
  return async (endpoint) => {
    const started = performance.now();
    let first = 0;
    for await (const chunk of await send(endpoint, body)) {
      if (first === 0 && CONTENT.test(Buffer.from(chunk).toString())) first = performance.now();
    }
    return (until === 'first-content' ? first : performance.now()) - started;
  };
}

/** Times by endpoint name. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** One call at a time, the endpoints taking turns, so that what the machine does besides meets all alike. */
export async function inTurns(endpoints: readonly Endpoint[], rounds: number, measure: Call): Promise<Times> {
  const times = new Map<string, number[]>(endpoints.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < endpoints.length; turn += 1) {
      const endpoint = endpoints[(round + turn) % endpoints.length];
      if (endpoint !== undefined) times.get(endpoint.name)?.push(await measure(endpoint));
    }
  }
  return times;
}

export interface RateTest {
  readonly concurrency: number;
  /** Milliseconds of one turn of one endpoint. */
  readonly turnMs: number;
  readonly turns: number;
}

/** Calls per second by endpoint name, the best of its turns, which also alternate. */
export async function rates(
  endpoints: readonly Endpoint[],
  { concurrency, turnMs, turns }: RateTest,
  measure: Call,
): Promise<ReadonlyMap<string, number>> {
  const best = new Map<string, number>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const endpoint of endpoints) {
      const rate = await rateOf(endpoint, concurrency, turnMs, measure);
      best.set(endpoint.name, Math.max(best.get(endpoint.name) ?? 0, rate));
    }
  }
  return best;
}

async function rateOf(endpoint: Endpoint, concurrency: number, ms: number, measure: Call): Promise<number> {
  const started = performance.now();
  let calls = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - started < ms) {
      await measure(endpoint);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (calls / (performance.now() - started)) * 1000;
}

/** The value below which the given share of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
