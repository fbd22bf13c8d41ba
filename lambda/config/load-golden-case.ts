/** Reads a golden file: one request and what the chain must make of it. */
import { explainIssue } from './explain-issue.ts';
import { describeSchema } from './field-notes.ts';
import type { Problem } from './problem.ts';
import { placeFindings } from './place-findings.ts';
import { type ConfigText, readYaml } from './read-yaml.ts';
import { goldenCase, resolveCase, type SuiteCase } from './suites.ts';

export type LoadedCase =
  | { readonly ok: true; readonly goldenCase: SuiteCase }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks one file of YAML or JSON; never throws. */
export function loadGoldenCase(file: ConfigText): LoadedCase {
  const read = readYaml(file);
  if (read.problems.length > 0) return { ok: false, problems: read.problems };
  const parsed = goldenCase.safeParse(read.value, { jitless: true });
  if (parsed.success) return { ok: true, goldenCase: resolveCase(parsed.data) };
  const notes = describeSchema(goldenCase);
  const findings = parsed.error.issues.flatMap((issue) => explainIssue(issue, read.value, notes));
  return { ok: false, problems: placeFindings(findings, [read]) };
}
