/**
 * Reads the policy configuration without loading the parsers: what was read before is kept, anything else is
 * checked in a thread of its own, whose memory goes back when it ends.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import type { ConfigText } from '../../lambda/config/read-yaml.ts';
import { readConfigTexts } from '../config-texts.ts';
import { CommandFailure } from '../terminal.ts';
import { openKeptReadings } from './kept-readings.ts';

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

/**
 * Only a build keeps what it has read: beside itself, since the same files may mean something else to another one.
 * Its modules are JavaScript.
 */
const isBuilt = !import.meta.url.endsWith('.ts');
const THREAD = new URL(isBuilt ? './config-thread.mjs' : './config-thread.js', import.meta.url);
const KEPT = isBuilt ? openKeptReadings(fileURLToPath(new URL('./config', import.meta.url))) : undefined;

/** Rejects only when the thread itself fails. */
export async function readConfigAside(paths: readonly string[]): Promise<ConfigReading> {
  try {
    const texts = await readConfigTexts(paths);
    return (await KEPT?.find(texts)) ?? (await readInThread(texts));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { ok: false, exitCode: error.exitCode, message: error.message, lines: [error.message] };
  }
}

async function readInThread(texts: readonly ConfigText[]): Promise<ConfigReading> {
  const thread = new Worker(THREAD, { workerData: texts });
  try {
    const reading = await new Promise<ConfigReading>((resolve, reject) => {
      // The thread is of this program and answers with nothing else (config-thread.ts).
      thread.once('message', (answer: ConfigReading) => resolve(answer));
      thread.once('error', reject);
    });
    if (reading.ok) await KEPT?.keep(texts, reading);
    return reading;
  } finally {
    await thread.terminate();
  }
}
