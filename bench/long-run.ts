/** The row about a gateway that has been busy for long: what it takes more than a while after its start. */
import { setTimeout as wait } from 'node:timers/promises';
import { streamCall, wholeCall, type Endpoint } from './load.ts';
import { memoryOf, startGateway, type GatewayStart } from './processes.ts';
import type { Row } from './table.ts';
import { PACED } from './workload.ts';

const CONCURRENCY = 16;
/** By then all code is compiled and every buffer has its size. */
const FIRST = 10_000;
const LAST = 100_000;
/** One request in so many is streamed. */
const STREAMED = 10;
/** Milliseconds in which a collection may come. */
const SETTLE_MS = 1500;

/** Resident memory after 100,000 requests less that after 10,000; none where the system does not tell. */
export async function longRunRow(start: GatewayStart): Promise<readonly Row[]> {
  const gateway = await startGateway(start);
  const endpoint: Endpoint = { name: 'gateway', url: gateway.url };
  const [whole, streamed] = [wholeCall(), streamCall(PACED, 'end')];
  let count = 0;
  const callUntil = async (end: number): Promise<number | undefined> => {
    const worker = async (): Promise<void> => {
      while (count < end) {
        count += 1;
        await (count % STREAMED === 0 ? streamed : whole)(endpoint);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    await wait(SETTLE_MS);
    return memoryOf(gateway.pid)?.now;
  };
  try {
    const first = await callUntil(FIRST);
    const last = await callUntil(LAST);
    if (first === undefined || last === undefined) return [];
    const goal = { kind: 'at-most', gateway: 10 } as const;
    return [
      { name: 'memory grown from 10,000 to 100,000 requests', unit: 'MB', gateway: last - first, goal },
    ];
  } finally {
    await gateway.stop();
  }
}
