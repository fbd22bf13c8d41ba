/** Collects what is to be tested: the suites of a configuration and the golden files beside it. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GatewayConfig, PolicyKind } from '../../lambda/config/gateway-config.ts';
import { loadGoldenCase } from '../../lambda/config/load-golden-case.ts';
import type { SuiteCase } from '../../lambda/config/suites.ts';
import { formatProblem } from '../config-facts.ts';
import { readConfigFiles } from '../config-files.ts';
import { CommandFailure, systemCode } from '../terminal.ts';

/** One case, and where it stands. */
export interface PlacedCase {
  readonly place: { readonly suite: string } | { readonly file: string };
  /** The one kind to run; absent means the whole chain. */
  readonly target?: PolicyKind;
  readonly goldenCase: SuiteCase;
}

export interface CasesToRun {
  readonly config: GatewayConfig;
  readonly cases: readonly PlacedCase[];
}

export interface WhereToLook {
  /** A folder with policy-config.yaml and tests/. */
  readonly packDir: string;
  /** Instead of the folder's own; the golden files beside the first one are run. */
  readonly policyConfig?: readonly string[];
}

/** Suites first, then golden files by name. Throws CommandFailure: 1 unreadable, 2 not valid. */
export async function findCases({ packDir, policyConfig }: WhereToLook): Promise<CasesToRun> {
  const paths = policyConfig ?? [join(packDir, 'policy-config.yaml')];
  const { config, suites } = await readConfigFiles(paths);
  const fromSuites = suites.flatMap(({ name, target, cases }) =>
    cases.map((goldenCase) => ({
      place: { suite: name },
      goldenCase,
      ...(target !== undefined && { target }),
    })),
  );
  const golden = await readGoldenFiles(join(dirname(paths[0] ?? packDir), 'tests'));
  return { config, cases: [...fromSuites, ...golden] };
}

async function readGoldenFiles(dir: string): Promise<readonly PlacedCase[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw new CommandFailure(1, `can not read ${dir}: ${systemCode(error) ?? 'unknown reason'}`, {
      cause: error,
    });
  });
  const files = names.filter((name) => /\.(?:json|ya?ml)$/.test(name)).toSorted();
  return Promise.all(files.map((name) => readGoldenFile(join(dir, name))));
}

async function readGoldenFile(path: string): Promise<PlacedCase> {
  const loaded = loadGoldenCase({ path, text: await readFile(path, 'utf8') });
  if (loaded.ok) return { place: { file: path }, goldenCase: loaded.goldenCase };
  throw new CommandFailure(
    2,
    `${path} is no golden file\n\n${loaded.problems.map(formatProblem).join('\n\n')}\n`,
  );
}
