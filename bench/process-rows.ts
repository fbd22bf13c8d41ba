/** The rows about the gateway as a process: how soon it answers, and how much memory it takes. */
import { quantile, rates, streamCall, type Endpoint } from './load.ts';
import { memoryOf, startGateway, type GatewayStart, type Measured } from './processes.ts';
import type { Row } from './table.ts';
import { BURST } from './workload.ts';

/** From the command to its first answer with status 200, the median of some starts. */
export async function startRow(start: GatewayStart, times: number): Promise<Row> {
  const measured: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const started = performance.now();
    const gateway = await startGateway(start);
    const reply = await fetch(gateway.url.replace(/\/v1$/, '/healthz'));
    await reply.arrayBuffer();
    measured.push(performance.now() - started);
    await gateway.stop();
    if (!reply.ok) throw new Error(`the gateway's first answer was ${reply.status}`);
  }
  return {
    name: 'local start to the first 200',
    unit: 'ms',
    gateway: quantile(measured, 0.5),
    goal: { kind: 'at-most', gateway: 300 },
  };
}

/** Resident memory before the first call; none where the system does not tell. */
export function idleMemoryRow({ pid }: Measured): readonly Row[] {
  const memory = memoryOf(pid);
  if (memory === undefined) return [];
  return [{ name: 'memory idle', unit: 'MB', gateway: memory.now, goal: { kind: 'at-most', gateway: 90 } }];
}

/** The most memory it ever had, 64 long streams at once included. */
export async function peakMemoryRow({ pid }: Measured, endpoint: Endpoint): Promise<readonly Row[]> {
  await rates([endpoint], { concurrency: 64, turnMs: 3000, turns: 1 }, streamCall(BURST, 'end'));
  const memory = memoryOf(pid);
  if (memory === undefined) return [];
  const goal = { kind: 'at-most', gateway: 150 } as const;
  return [{ name: 'memory peak, 64 streams at once', unit: 'MB', gateway: memory.peak, goal }];
}
