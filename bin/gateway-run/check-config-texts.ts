/** The process that checks a policy configuration: gets the files' texts, answers with one ConfigReading. */
import { loadConfig } from '../../lambda/config/load.ts';
import type { ConfigText } from '../../lambda/config/read-yaml.ts';
import { problemLine } from '../config-facts.ts';
import { describeProblems } from '../config-files.ts';
import type { ConfigReading } from './read-config-aside.ts';

process.once('message', (texts) => {
  process.send?.(check(textsOf(texts)), undefined, {}, () => process.disconnect());
});

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
