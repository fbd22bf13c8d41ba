/**
 * Reads the policy configuration without loading the parsers: what was read before is kept, anything else is
 * checked in a process of its own, whose memory goes back when it ends; that of a thread would stay.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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
const CHECK = new URL(isBuilt ? './config-process.mjs' : './config-process.js', import.meta.url);
const KEPT = isBuilt ? openKeptReadings(fileURLToPath(new URL('./config', import.meta.url))) : undefined;

/** Rejects only when the process itself fails. */
export async function readConfigAside(paths: readonly string[]): Promise<ConfigReading> {
  try {
    const texts = await readConfigTexts(paths);
    return (await KEPT?.find(texts)) ?? (await readInProcess(texts));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { ok: false, exitCode: error.exitCode, message: error.message, lines: [error.message] };
  }
}

async function readInProcess(texts: readonly ConfigText[]): Promise<ConfigReading> {
  const child = fork(CHECK, { serialization: 'advanced', execArgv: [] });
  const reading = await new Promise<ConfigReading>((resolve, reject) => {
    child.once('message', (answer: unknown) => {
      if (isReading(answer)) resolve(answer);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the configuration could not be checked: its process ended with ${code ?? signal}`));
    });
    child.send(texts);
  });
  if (reading.ok) await KEPT?.keep(texts, reading);
  return reading;
}

/** The process is of this program and answers with nothing else (check-config-texts.ts). */
function isReading(answer: unknown): answer is ConfigReading {
  return typeof answer === 'object' && answer !== null && 'ok' in answer;
}
