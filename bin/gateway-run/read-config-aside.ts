/**
 * Reads the policy configuration in a thread of its own: the parsers load while the gateway does, and their
 * memory goes back when the thread ends.
 */
import { Worker } from 'node:worker_threads';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import type { Problem } from '../../lambda/config/problem.ts';

export type ConfigReading =
  | { readonly ok: true; readonly config: GatewayConfig; readonly warnings: readonly Problem[] }
  | {
      readonly ok: false;
      /** 1 a file can't be read, 2 not valid. */
      readonly exitCode: 1 | 2;
      /** For people: every problem with its place and fix. */
      readonly message: string;
      /** For logs: one line for each problem. */
      readonly lines: readonly string[];
    };

/** Rejects only when the thread itself fails. */
export async function readConfigAside(paths: readonly string[]): Promise<ConfigReading> {
  const thread = new Worker(new URL('./config-thread.js', import.meta.url), { workerData: paths });
  try {
    return await new Promise<ConfigReading>((resolve, reject) => {
      // The thread is of this program and answers with nothing else (config-thread.ts).
      thread.once('message', (reading: ConfigReading) => resolve(reading));
      thread.once('error', reject);
    });
  } finally {
    await thread.terminate();
  }
}
