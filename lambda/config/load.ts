/** Reads, checks and resolves the policy configuration, telling every mistake of the files at once. */
import { checkPolicies } from './check-policies.ts';
import { checkRouting } from './check-routing.ts';
import { checkTargets } from './check-targets.ts';
import { explainIssue } from './explain-issue.ts';
import { describeSchema } from './field-notes.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { Finding, Problem } from './problem.ts';
import { type ConfigText, readYaml, type ReadFile } from './read-yaml.ts';
import { resolveConfig } from './resolve.ts';
import { type ConfigFile, configFile } from './schema.ts';
import { placeFindings } from './place-findings.ts';
import { showValue } from './show.ts';
import { resolveSuites, type Suite } from './suites.ts';
import { isMapping, mergeValues } from './tree.ts';
import { refuseUnbuilt } from './unbuilt.ts';
import { findWarnings } from './warnings.ts';

export type LoadResult =
  | {
      readonly ok: true;
      readonly config: GatewayConfig;
      readonly suites: readonly Suite[];
      readonly warnings: readonly Problem[];
    }
  | {
      readonly ok: false;
      /** Errors and warnings in the order of the files. */
      readonly problems: readonly Problem[];
    };

/**
 * Loads one configuration from one or more files. Later files may hold only what they change: mappings are
 * joined, lists and single values are replaced, and the result as a whole must be valid. Never throws for
 * anything that stands in a file.
 */
export function loadConfig(files: readonly ConfigText[]): LoadResult {
  const read = files.map(readYaml);
  const faults = [...read.flatMap(({ problems }) => problems), ...read.flatMap(refuseRoot)];
  const readable = read.every(({ value }) => isMapping(value));
  if (!readable || read.length === 0) return { ok: false, problems: faults };

  const root = read.map(({ value }) => value).reduce(mergeValues);
  const { file, findings } = checkFile(root);
  const problems = [...faults, ...placeFindings(findings, read)];
  if (file === undefined || problems.some(({ severity }) => severity === 'error'))
    return { ok: false, problems };
  return {
    ok: true,
    config: resolveConfig(file),
    suites: resolveSuites(file.testing),
    warnings: problems,
  };
}

function checkFile(root: unknown): { readonly file?: ConfigFile; readonly findings: readonly Finding[] } {
  // A file is parsed once: compiling the schema for speed would cost twice what the parse takes.
  const parsed = configFile.safeParse(root, { jitless: true });
  const notes = parsed.success ? {} : describeSchema(configFile);
  const findings = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, root, notes))),
    ...checkTargets(root),
    ...checkRouting(root),
    ...checkPolicies(root),
    ...refuseUnbuilt(root),
    ...findWarnings(root),
  ];
  return parsed.success ? { file: parsed.data, findings } : { findings };
}

function refuseRoot({ path, value, problems }: ReadFile): readonly Problem[] {
  if (isMapping(value) || problems.length > 0) return [];
  return [
    {
      code: 'E004',
      severity: 'error',
      path: '',
      file: path,
      line: 1,
      message: 'the file is not a mapping',
      seen: showValue(value, []),
      allowed: 'the keys pack, policies, policy, providers and so on at the left margin',
      suggestion: 'start from examples/minimal.yaml',
    },
  ];
}
