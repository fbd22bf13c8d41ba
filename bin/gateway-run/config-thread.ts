/** The thread that reads a policy configuration; gets the paths, answers with one ConfigReading. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../../lambda/config/load.ts';
import { problemLine } from '../config-facts.ts';
import { describeProblems, readConfigTexts } from '../config-files.ts';
import { CommandFailure } from '../terminal.ts';
import type { ConfigReading } from './read-config-aside.ts';

const paths = Array.isArray(workerData) ? workerData.map(String) : [];
// A port of worker_threads has no target origin; the rule has the one of browsers in mind.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(await read());

async function read(): Promise<ConfigReading> {
  try {
    const result = loadConfig(await readConfigTexts(paths));
    if (result.ok) return { ok: true, config: result.config, warnings: result.warnings };
    const lines = result.problems.filter(({ severity }) => severity === 'error').map(problemLine);
    return { ok: false, exitCode: 2, message: describeProblems(paths, result.problems), lines };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { ok: false, exitCode: error.exitCode, message: error.message, lines: [error.message] };
  }
}
