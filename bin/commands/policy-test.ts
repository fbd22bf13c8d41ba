/** `kt policy test`: runs the suites of a configuration and the golden files beside it; no model is called. */
import { Command } from 'commander';
import type { PlacedCase } from '../policy-test/find-suites.ts';
import type { CaseResult } from '../policy-test/run-case.ts';
import { PROCESS_TERMINAL, count, type Terminal } from '../terminal.ts';
import { collect } from '../config-facts.ts';

interface TestOptions {
  readonly packDir: string;
  readonly policyConfig?: readonly string[];
  readonly json: boolean;
}

interface Ran {
  readonly placed: PlacedCase;
  readonly result: CaseResult;
}

const EXAMPLES = `
Examples:
  $ kt policy test
  $ kt policy test --pack-dir packs/finance --json
  $ kt policy test --policy-config examples/tested.yaml

A golden file tests/*.yaml or *.json holds {name, input: {messages, headers?, request?, upstream_response?},
expected: {verdict, reason_code?, contains?, not_contains?}}; suites stand under testing in the configuration.
Exit codes: 0 all passed, 1 a file can't be read, 2 one failed or is not valid.`;

/** Makes the command; it is mounted under `kt policy`. */
export function policyTestCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('test')
    .description('run golden files and suites through the policy chain')
    .option('--pack-dir <folder>', 'folder with policy-config.yaml and tests/', '.')
    .option('--policy-config <file>', 'another configuration; may be repeated, later files win', collect)
    .option('--json', 'print {ok, results} for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: TestOptions) => {
      const { findCases } = await import('../policy-test/find-suites.ts');
      const { runCase } = await import('../policy-test/run-case.ts');
      const { config, cases } = await findCases(options);
      const ran: Ran[] = [];
      for (const placed of cases) {
        ran.push({ placed, result: await runCase(config, placed.goldenCase, placed.target) });
      }
      const ok = ran.every(({ result }) => result.differences.length === 0);
      terminal.out(options.json ? formatJson(ok, ran) : formatText(ran, terminal));
      terminal.exit(ok ? 0 : 2);
    });
}

function formatJson(ok: boolean, ran: readonly Ran[]): string {
  const results = ran.map(({ placed: { goldenCase, place }, result }) => ({
    name: goldenCase.name,
    ...place,
    verdict: result.verdict,
    reason_code: result.reasonCode,
    passed: result.differences.length === 0,
    details: result.differences.join('; '),
  }));
  return `${JSON.stringify({ ok, results }, null, 2)}\n`;
}

function formatText(ran: readonly Ran[], { paint }: Terminal): string {
  const lines = ran.flatMap(({ placed: { goldenCase, place }, result }) => {
    const passed = result.differences.length === 0;
    const where = 'suite' in place ? place.suite : place.file;
    const head = `${passed ? paint('green', '✓') : paint('red', '✗')} ${goldenCase.name}  ${paint('dim', `${where}: ${result.verdict}, ${result.reasonCode}`)}`;
    return [head, ...result.differences.map((difference) => `    ${difference}`)];
  });
  const failed = ran.filter(({ result }) => result.differences.length > 0).length;
  const summary =
    ran.length === 0
      ? 'no cases: write tests/*.yaml beside the configuration, or testing.suites in it'
      : `${count(ran.length, 'case')}, ${failed} failed`;
  return `${[...lines, summary].join('\n')}\n`;
}
