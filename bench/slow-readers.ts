/** The row about callers who read slowly: what waits for them is upstream's to keep, not the gateway's. */
import { setTimeout as wait } from 'node:timers/promises';
import { createUndiciCall } from '../lambda/upstream/undici-call.ts';
import { memoryOf, startGateway, type GatewayStart } from './processes.ts';
import type { Row } from './table.ts';
import { bodyFor, LONG } from './workload.ts';

const READERS = 64;
/** Between two reads of what has arrived. */
const PAUSE_MS = 250;
/** Until then every buffer on the way has filled up. */
const LEAST_MS = 8000;
const MOST_MS = 50_000;

/** The most memory of a gateway that had nothing else to do. */
export async function slowReadersRow(start: GatewayStart): Promise<readonly Row[]> {
  const gateway = await startGateway(start);
  const client = createUndiciCall();
  const end = new AbortController();
  let waiting = READERS;
  const read = async (): Promise<void> => {
    let isServed = false;
    try {
      const reply = await client.call({
        method: 'POST',
        url: `${gateway.url}/chat/completions`,
        headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
        body: bodyFor(LONG.model, true),
        signal: end.signal,
      });
      if (reply.status !== 200) throw new Error(`the gateway answered ${reply.status}`);
      for await (const chunk of reply.body) {
        if (!isServed && chunk.length > 0) waiting -= 1;
        isServed ||= chunk.length > 0;
        await wait(PAUSE_MS);
      }
    } catch (error) {
      if (!end.signal.aborted) throw error;
    }
  };
  const started = performance.now();
  const isOver = (): boolean => {
    const ms = performance.now() - started;
    return ms > MOST_MS || (ms > LEAST_MS && waiting === 0);
  };
  try {
    const reading = Promise.all(Array.from({ length: READERS }, read));
    while (!isOver()) await Promise.race([reading, wait(PAUSE_MS)]);
    const memory = memoryOf(gateway.pid);
    end.abort();
    await reading;
    if (waiting > 0) throw new Error(`${waiting} readers got nothing`);
    const goal = { kind: 'at-most', gateway: 150 } as const;
    const name = `memory peak, ${READERS} slow readers of 10 MB`;
    return memory === undefined ? [] : [{ name, unit: 'MB', gateway: memory.peak, goal }];
  } finally {
    await client.destroy();
    await gateway.stop();
  }
}
