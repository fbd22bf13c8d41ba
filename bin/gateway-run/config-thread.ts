/** The thread that checks a policy configuration; gets the files' texts, answers with one ConfigReading. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../../lambda/config/load.ts';
import type { ConfigText } from '../../lambda/config/read-yaml.ts';
import { problemLine } from '../config-facts.ts';
import { describeProblems } from '../config-files.ts';
import type { ConfigReading } from './read-config-aside.ts';

// A port of worker_threads has no target origin; the rule has the one of browsers in mind.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(check(textsOf(workerData)));

function check(files: readonly ConfigText[]): ConfigReading {
  const result = loadConfig(files);
  if (result.ok) return { ok: true, config: result.config, warnings: result.warnings };
  const lines = result.problems.filter(({ severity }) => severity === 'error').map(problemLine);
  const paths = files.map(({ path }) => path);
  return { ok: false, exitCode: 2, message: describeProblems(paths, result.problems), lines };
}

function textsOf(data: unknown): readonly ConfigText[] {
  return Array.isArray(data) ? data.map(({ path, text }: ConfigText) => ({ path, text })) : [];
}
